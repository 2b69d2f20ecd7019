import { queryOptions } from "@tanstack/react-query";
import { api, given } from "@/api/client";

export const configuration = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => given(api.GET("/v1/settings", { signal })),
  staleTime: 5_000,
});

export const keys = queryOptions({
  queryKey: ["keys"],
  queryFn: ({ signal }) => given(api.GET("/v1/keys", { signal })),
});
