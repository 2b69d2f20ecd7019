import { QueryClient, type QueryKey, queryOptions, useQuery } from "@tanstack/react-query";
import { api, given } from "./client";
import { ApiProblem } from "./problem";

const RETRIED = new Set([0, 502, 503, 504]);
const TRIES = 2;

/** Returns the cache of what the API said. Reads are tried again where that can help; writes never by themselves. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < TRIES && error instanceof ApiProblem && RETRIED.has(error.status),
      },
      mutations: { retry: false },
    },
  });
}

/** Asks anew for everything below keys that a change touched. */
export async function askAnew(client: QueryClient, ...keys: readonly QueryKey[]): Promise<void> {
  // A first answer that is still under way may be from before the change, and would count as new.
  await Promise.all(keys.map((queryKey) => client.cancelQueries({ queryKey })));
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
}

export const me = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => given(api.GET("/v1/me", { signal })),
  staleTime: 300_000,
});

export type Role = "reader" | "professional" | "steward" | "auditor" | "administrator" | "system" | "owner";

/** Returns who is signed in; `undefined` until it is known. */
export function useMe() {
  return useQuery(me).data;
}

/** Whether who is signed in has one of the roles; the owner of the machine has every one. */
export function hasRole(roles: readonly Role[], wanted: readonly Role[]): boolean {
  return roles.includes("owner") || wanted.some((role) => roles.includes(role));
}
