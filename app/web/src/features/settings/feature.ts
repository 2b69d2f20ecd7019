import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [{ path: "/settings", page: () => import("./SettingsPage") }];

export const navigation: readonly NavigationEntry[] = [
  { to: "/settings", label: "settings.title", icon: "settings", roles: ["administrator"], group: "oversight" },
];
