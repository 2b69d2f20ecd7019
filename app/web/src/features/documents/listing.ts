import { infiniteQueryOptions } from "@tanstack/react-query";
import { sent, type Schema } from "@/api/client";
import { scopeBody, type Scope } from "@/app/scope";

export type Listing = Schema<"ListingView">;
export type Listed = Schema<"ListedView">;
export const ORDERS = ["added", "title", "collection", "subject", "state"] as const;
export type Order = (typeof ORDERS)[number];
export const STATES = ["indexing", "words", "indexed"] as const;
const PAGE = 200;

/** What a list is asked for. `whole` is the list of everything, by ids and labels, for those who look after documents. */
export interface Filters {
  whole: boolean;
  title: string;
  about: string;
  collection: string;
  state: "" | (typeof STATES)[number];
  digest: string;
  addedFrom: string;
  addedTo: string;
  order: Order;
  down: boolean;
}

export const NO_FILTERS: Omit<Filters, "whole"> = {
  title: "", about: "", collection: "", state: "", digest: "", addedFrom: "", addedTo: "", order: "added", down: true,
};

/** How many filters are set, the order left out. */
export function countOf(filters: Filters): number {
  const { title, about, collection, state, digest, addedFrom, addedTo } = filters;
  return [title, about, collection, state, digest, addedFrom, addedTo].filter((one) => one !== "").length;
}

/** The body of a request for one page. Titles are neither looked for nor sorted by in the list of everything. */
export function bodyOf(filters: Filters, scope: Scope, cursor: string): Record<string, unknown> {
  const own = scopeBody(scope);
  return {
    ...own,
    ...(filters.whole ? { whole: true, subjects: [] } : {}),
    collections: filters.collection === "" ? own.collections : [filters.collection],
    ...(filters.title.trim() === "" || filters.whole ? {} : { title: filters.title.trim() }),
    ...(filters.about.trim() === "" ? {} : { about: filters.about.trim() }),
    ...(filters.state === "" ? {} : { states: [filters.state] }),
    ...(filters.digest === "" ? {} : { digest: filters.digest }),
    ...(filters.addedFrom === "" ? {} : { added_from: filters.addedFrom }),
    ...(filters.addedTo === "" ? {} : { added_to: filters.addedTo }),
    order: filters.whole && filters.order === "title" ? "added" : filters.order,
    down: filters.down,
    cursor,
    limit: PAGE,
  };
}

/** The list, page by page. It is asked for without an idempotency key, so that the server keeps no copy of it. */
export function listing(filters: Filters, scope: Scope) {
  return infiniteQueryOptions({
    queryKey: ["listing", filters, scope],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }): Promise<Listing> => {
      const response = await sent("/v1/documents/listing", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(bodyOf(filters, scope, pageParam)),
        signal,
      });
      return (await response.json()) as Listing;
    },
    getNextPageParam: (last) => last.next ?? undefined,
  });
}

/** The SHA-256 of a file, by which a document is found without its name. */
export async function digestOf(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (one) => one.toString(16).padStart(2, "0")).join("");
}
