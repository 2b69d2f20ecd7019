import { queryOptions } from "@tanstack/react-query";
import { api, given, type Schema } from "@/api/client";
import { hasRole, type Role } from "@/api/queries";

export const mayGive = (roles: readonly Role[]) => hasRole(roles, ["reader", "professional", "system"]);
export const mayLook = (roles: readonly Role[]) => hasRole(roles, ["professional", "steward", "auditor"]);
export const mayExport = (roles: readonly Role[]) => hasRole(roles, ["professional"]);

export const queue = queryOptions({
  queryKey: ["feedback", "queue"],
  queryFn: ({ signal }) => given(api.GET("/v1/feedback/reviews", { params: { query: { limit: 500 } }, signal })),
});

export const review = (feedbackId: string) =>
  queryOptions({
    queryKey: ["feedback", "review", feedbackId],
    queryFn: ({ signal }) =>
      given(api.GET("/v1/feedback/reviews/{feedback_id}", { params: { path: { feedback_id: feedbackId } }, signal })),
    retry: false,
  });

export const mine = queryOptions({
  queryKey: ["feedback", "mine"],
  queryFn: ({ signal }) => given(api.GET("/v1/feedback", { params: { query: { limit: 100 } }, signal })),
});

export const give = (body: Schema<"FeedbackBody">) => given(api.POST("/v1/feedback", { body }));

export const takeBack = (feedbackId: string) =>
  given(api.DELETE("/v1/feedback/{feedback_id}", { params: { path: { feedback_id: feedbackId } } }));

export const decide = ({ feedbackId, ...body }: Schema<"DecisionBody"> & { feedbackId: string }) =>
  given(api.POST("/v1/feedback/reviews/{feedback_id}/decision", { params: { path: { feedback_id: feedbackId } }, body }));

export type Suite = "answers" | "grounding";

export const cases = (suite: Suite) => given(api.GET("/v1/feedback/cases", { params: { query: { suite } } }));

export const textOf = (versionId: string, span: { start: number; end: number }, scope: object) =>
  queryOptions({
    queryKey: ["feedback", "text", versionId, span, scope],
    queryFn: ({ signal }) =>
      given(
        api.GET("/v1/versions/{version_id}", {
          params: { path: { version_id: versionId }, query: { ...scope, ...span } },
          signal,
        }),
      ),
    retry: false,
  });
