import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [{ path: "/audit", page: () => import("./AuditPage") }];

export const navigation: readonly NavigationEntry[] = [
  { to: "/audit", label: "audit.title", icon: "audit", roles: ["auditor"], group: "oversight" },
];
