import type { ComponentType } from "react";
import type { Role } from "@/api/queries";
import type { IconName } from "@/components/Icon";

/** A page of a feature. It is fetched when somebody goes there. `$name` in the path is a parameter. */
export interface FeatureRoute {
  path: string;
  page: () => Promise<{ default: ComponentType }>;
}

/** A line of the navigation, for those who have one of the roles (the owner has all). */
export interface NavigationEntry {
  to: string;
  /** Key of its text, such as "ask.title". */
  label: string;
  icon: IconName;
  roles: readonly Role[];
  /** Which part of the navigation: daily work, or the running of the place. */
  group: "work" | "oversight";
}

export interface Feature {
  routes: readonly FeatureRoute[];
  navigation: readonly NavigationEntry[];
}
