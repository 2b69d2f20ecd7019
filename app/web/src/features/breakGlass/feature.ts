import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [{ path: "/break-glass", page: () => import("./BreakGlassPage") }];

export const navigation: readonly NavigationEntry[] = [
  { to: "/break-glass", label: "breakGlass.title", icon: "glass", roles: ["auditor"], group: "oversight" },
];
