import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [
  { path: "/reports", page: () => import("./ReportsPage") },
  { path: "/reports/$reportId", page: () => import("./ReportPage") },
];

export const navigation: readonly NavigationEntry[] = [
  { to: "/reports", label: "reports.title", icon: "report", roles: ["reader", "professional"], group: "work" },
];
