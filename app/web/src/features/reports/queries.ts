import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, given, sent } from "@/api/client";
import { cursorIn, isOpen } from "./logic";

const LOOK_EVERY_MS = 1500;
const PAGE = 100;

export const templates = queryOptions({
  queryKey: ["report-templates"],
  queryFn: ({ signal }) => given(api.GET("/v1/report-templates", { signal })),
});

export const batches = queryOptions({
  queryKey: ["reports"],
  queryFn: ({ signal }) => given(api.GET("/v1/reports", { params: { query: { limit: PAGE } }, signal })),
  refetchInterval: (query) => (query.state.data?.reports.some(isOpen) ? 2 * LOOK_EVERY_MS : false),
});

/** A batch, looked at again and again while something of it happens. */
export const batch = (id: string) =>
  queryOptions({
    queryKey: ["report", id],
    queryFn: ({ signal }) => given(api.GET("/v1/reports/{report_id}", { params: { path: { report_id: id } }, signal })),
    refetchInterval: (query) => (query.state.data && isOpen(query.state.data) ? LOOK_EVERY_MS : false),
  });

/** Its items, as far as they were asked for; they change as the batch does. */
export const items = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["report-items", id],
    queryFn: ({ signal, pageParam }) =>
      given(
        api.GET("/v1/reports/{report_id}/items", {
          params: { path: { report_id: id }, query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => cursorIn(last.next),
  });

/** Fetches a file as who is signed in, and lets the browser save it under its name. */
export async function download(path: string, name: string): Promise<void> {
  const response = await sent(path);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
