import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [{ path: "/ask", page: () => import("./AskPage") }];

export const navigation: readonly NavigationEntry[] = [
  { to: "/ask", label: "ask.title", icon: "ask", roles: ["reader", "professional"], group: "work" },
];
