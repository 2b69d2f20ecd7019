import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [
  { path: "/evaluations", page: () => import("./EvaluationsPage") },
  { path: "/evaluations/$evaluationId", page: () => import("./EvaluationPage") },
];

export const navigation: readonly NavigationEntry[] = [
  { to: "/evaluations", label: "evaluations.title", icon: "evaluation", roles: ["steward", "auditor"], group: "oversight" },
];
