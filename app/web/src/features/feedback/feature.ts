import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [{ path: "/feedback", page: () => import("./FeedbackPage") }];

export const navigation: readonly NavigationEntry[] = [
  {
    to: "/feedback",
    label: "feedback.title",
    icon: "feedback",
    roles: ["reader", "professional", "steward", "auditor"],
    group: "work",
  },
];
