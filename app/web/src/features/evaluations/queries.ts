import { queryOptions } from "@tanstack/react-query";
import { api, given } from "@/api/client";

export const evaluations = queryOptions({
  queryKey: ["evaluations"],
  queryFn: ({ signal }) => given(api.GET("/v1/evaluations", { signal })),
});

export function evaluation(id: string) {
  return queryOptions({
    queryKey: ["evaluation", id],
    queryFn: ({ signal }) => given(api.GET("/v1/evaluations/{evaluation_id}", { params: { path: { evaluation_id: id } }, signal })),
  });
}

export function comparison(id: string, against: string) {
  return queryOptions({
    queryKey: ["comparison", id, against],
    queryFn: ({ signal }) =>
      given(
        api.GET("/v1/evaluations/{evaluation_id}/comparison", {
          params: { path: { evaluation_id: id }, query: { against } },
          signal,
        }),
      ),
    enabled: against !== "",
  });
}
