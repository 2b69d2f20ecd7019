import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [{ path: "/check", page: () => import("./CheckPage") }];

export const navigation: readonly NavigationEntry[] = [
  { to: "/check", label: "check.title", icon: "draft", roles: ["reader", "professional"], group: "work" },
];
