import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [{ path: "/activity", page: () => import("./ActivityPage") }];

export const navigation: readonly NavigationEntry[] = [
  { to: "/activity", label: "activity.title", icon: "activity", roles: ["steward", "auditor"], group: "oversight" },
];
