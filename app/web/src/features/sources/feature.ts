import type { FeatureRoute, NavigationEntry } from "@/app/feature";

export const routes: readonly FeatureRoute[] = [{ path: "/sources/$versionId", page: () => import("./SourcesPage") }];

// A source is opened from a quote or a document, never from the navigation.
export const navigation: readonly NavigationEntry[] = [];
