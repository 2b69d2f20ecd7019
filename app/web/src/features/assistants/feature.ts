import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [
  { path: "/assistants", page: () => import("./AssistantsPage") },
  { path: "/assistants/new", page: () => import("./NewAssistantPage") },
  { path: "/assistants/$assistant", page: () => import("./EditAssistantPage") },
];

export const navigation: readonly NavigationEntry[] = [
  {
    to: "/assistants",
    label: "assistants.title",
    icon: "assistant",
    roles: ["reader", "professional", "steward", "administrator"],
    group: "work",
  },
];
