import { hasRole, type Role } from "@/api/queries";
import type { NavigationEntry } from "./feature";
import { FEATURES } from "./features";

/** Returns the lines of the navigation for somebody with these roles. */
export function entriesFor(
  roles: readonly Role[],
  entries: readonly NavigationEntry[] = FEATURES.flatMap((feature) => feature.navigation),
): readonly NavigationEntry[] {
  return entries.filter((entry) => hasRole(roles, entry.roles));
}
