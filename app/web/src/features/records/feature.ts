import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [
  { path: "/charts", page: () => import("./ChartsPage") },
  { path: "/charts/$subject", page: () => import("./ChartPage") },
  { path: "/matters", page: () => import("./MattersPage") },
  { path: "/matters/$subject", page: () => import("./MatterPage") },
];

export const navigation: readonly NavigationEntry[] = [
  { to: "/charts", label: "records.charts", icon: "chart", roles: ["professional"], group: "work" },
  { to: "/matters", label: "records.matters", icon: "matter", roles: ["professional"], group: "work" },
];
