import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [
  { path: "/documents", page: () => import("./DocumentsPage") },
  { path: "/documents/$documentId", page: () => import("./DocumentPage") },
];

export const navigation: readonly NavigationEntry[] = [
  { to: "/documents", label: "documents.title", icon: "document", roles: ["reader", "professional", "steward"], group: "work" },
];
