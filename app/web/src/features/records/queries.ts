import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, given, type Schema } from "@/api/client";
import { scopeQuery, type Scope } from "@/app/scope";

export type Chart = Schema<"ChartView">;
export type ChartItem = Schema<"ChartItemView">;
export type Series = Schema<"SeriesView">;
export type Point = Schema<"PointView">;
export type Place = Schema<"PlaceView">;
export type Matter = Schema<"MatterView">;
export type Deadline = Schema<"DeadlineView">;
export type Clauses = Schema<"ClausesView">;
export type ClausePair = Schema<"ClausePairView">;

/** Returns what of the scope goes with a view of one subject; the subject itself is in the path. */
function viewed(scope: Scope) {
  const { as_of, purpose, collection } = scopeQuery(scope);
  return {
    ...(as_of === undefined ? {} : { as_of }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(collection === undefined ? {} : { collection }),
  };
}

export const chartOf = (subject: string, scope: Scope) =>
  queryOptions({
    queryKey: ["chart", subject, viewed(scope)],
    queryFn: ({ signal }) =>
      given(api.GET("/v1/subjects/{subject}/chart", { params: { path: { subject }, query: viewed(scope) }, signal })),
  });

export const matterOf = (subject: string, scope: Scope) =>
  queryOptions({
    queryKey: ["matter", subject, viewed(scope)],
    queryFn: ({ signal }) =>
      given(api.GET("/v1/subjects/{subject}/matter", { params: { path: { subject }, query: viewed(scope) }, signal })),
  });

export const clausesOf = (subject: string, left: string, right: string, scope: Scope) => {
  const { as_of, purpose } = viewed(scope);
  const query = { left, right, ...(as_of ? { as_of } : {}), ...(purpose ? { purpose } : {}) };
  return queryOptions({
    queryKey: ["clauses", subject, query],
    queryFn: ({ signal }) =>
      given(api.GET("/v1/subjects/{subject}/clauses", { params: { path: { subject }, query }, signal })),
    placeholderData: keepPreviousData,
  });
};
