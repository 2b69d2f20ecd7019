import { queryOptions } from "@tanstack/react-query";
import { api, given, sent, type Schema } from "@/api/client";
import { currentScope, scopeQuery } from "@/app/scope";

export type Outline = Schema<"OutlineView">;
export type SectionEntry = Schema<"SectionView">;
export type TextWindow = Schema<"WindowView">;
export type Place = Schema<"SpanPlaceView">;
export type Changes = Schema<"ChangesView">;

const LASTING = 300_000;
const ORIGINAL_KEPT = 60_000;

/** Within which scope a version is looked at. A version is one text: collections and dates choose none here. */
export interface SourceScope {
  subject?: string[];
  as_of?: string;
  purpose?: string;
}

export function sourceScope(subject: string | undefined, asOf: string | undefined): SourceScope {
  const now = currentScope();
  return scopeQuery({ ...now, collections: [], subject: subject ?? now.subject, asOf: asOf ?? now.asOf });
}

const path = (versionId: string) => ({ version_id: versionId });

export const outlineQuery = (versionId: string, scope: SourceScope) =>
  queryOptions({
    queryKey: ["source", versionId, scope, "outline"],
    queryFn: ({ signal }) =>
      given(api.GET("/v1/versions/{version_id}/outline", { params: { path: path(versionId), query: scope }, signal })),
    staleTime: LASTING,
  });

export const textQuery = (versionId: string, scope: SourceScope, start: number, end: number, mark?: { start: number; end: number }) => {
  const marked = mark && mark.start < end && mark.end > start ? { mark_start: mark.start, mark_end: mark.end } : {};
  return queryOptions({
    queryKey: ["source", versionId, scope, "text", start, end, marked],
    queryFn: ({ signal }) =>
      given(
        api.GET("/v1/versions/{version_id}/text", {
          params: { path: path(versionId), query: { ...scope, start, end, ...marked } },
          signal,
        }),
      ),
    staleTime: LASTING,
  });
};

export const placeQuery = (versionId: string, scope: SourceScope, start: number, end: number) =>
  queryOptions({
    queryKey: ["source", versionId, scope, "place", start, end],
    queryFn: ({ signal }) =>
      given(
        api.GET("/v1/versions/{version_id}/locator", {
          params: { path: path(versionId), query: { ...scope, start, end } },
          signal,
        }),
      ),
    staleTime: LASTING,
  });

export const versionsQuery = (documentId: string, scope: SourceScope) =>
  queryOptions({
    queryKey: ["source", documentId, scope, "versions"],
    queryFn: ({ signal }) =>
      given(
        api.GET("/v1/documents/{document_id}/versions", {
          params: { path: { document_id: documentId }, query: { ...scope, limit: 500 } },
          signal,
        }),
      ),
    staleTime: LASTING,
  });

export const changesQuery = (versionId: string, other: string, scope: SourceScope) =>
  queryOptions({
    queryKey: ["source", versionId, scope, "changes", other],
    queryFn: ({ signal }) =>
      given(
        api.GET("/v1/versions/{version_id}/changes", {
          params: { path: path(versionId), query: { ...scope, with: other } },
          signal,
        }),
      ),
    staleTime: LASTING,
  });

export const passageQuery = (passageId: string, scope: SourceScope) =>
  queryOptions({
    queryKey: ["source", "passage", passageId, scope],
    queryFn: ({ signal }) =>
      given(
        api.GET("/v1/passages/{passage_id}", {
          params: { path: { passage_id: passageId }, query: scope },
          signal,
        }),
      ),
  });

/** The file itself. It is kept for a minute after it was last looked at, and in memory alone. */
export const originalQuery = (versionId: string, scope: SourceScope) =>
  queryOptions({
    queryKey: ["source", versionId, scope, "original"],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams();
      for (const one of scope.subject ?? []) query.append("subject", one);
      if (scope.as_of) query.set("as_of", scope.as_of);
      if (scope.purpose) query.set("purpose", scope.purpose);
      const response = await sent(`/v1/versions/${encodeURIComponent(versionId)}/original?${query.toString()}`, { signal });
      return new Blob([await response.arrayBuffer()], { type: "application/pdf" });
    },
    staleTime: Infinity,
    gcTime: ORIGINAL_KEPT,
  });
