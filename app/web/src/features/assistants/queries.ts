import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, given, sent, type Schema } from "@/api/client";
import { askAnew, hasRole, type Role } from "@/api/queries";

export const EDITORS: readonly Role[] = ["steward", "administrator"];
export const ASKERS: readonly Role[] = ["reader", "professional"];

export const mayEdit = (roles: readonly Role[]) => hasRole(roles, EDITORS);
export const mayAsk = (roles: readonly Role[]) => hasRole(roles, ASKERS);

/** The assistants that the caller may use. */
export const usable = queryOptions({
  queryKey: ["assistants", "usable"],
  queryFn: ({ signal }) => given(api.GET("/v1/assistants", { signal })),
});

/** One that the caller may use, by id or name. */
export const usableOne = (assistant: string) =>
  queryOptions({
    queryKey: ["assistants", "usable", assistant],
    queryFn: ({ signal }) => given(api.GET("/v1/assistants/{assistant}", { params: { path: { assistant } }, signal })),
    retry: false,
  });

/** All assistants, for those who edit them. */
export const designs = queryOptions({
  queryKey: ["assistants", "designs"],
  queryFn: ({ signal }) => given(api.GET("/v1/assistant-designs", { signal })),
});

export const versionsOf = (assistant: string) =>
  queryOptions({
    queryKey: ["assistants", "versions", assistant],
    queryFn: ({ signal }) =>
      given(api.GET("/v1/assistant-designs/{assistant}/versions", { params: { path: { assistant } }, signal })),
  });

/** Returns a mutation after which everything about assistants is asked for again. */
export function useAssistantChange<Wanted, Done>(change: (wanted: Wanted) => Promise<Done>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => askAnew(client, ["assistants"]),
  });
}

export const create = (body: Schema<"AssistantBody">) => given(api.POST("/v1/assistant-designs", { body }));

export const save = ({ assistant, ...body }: Schema<"ChangeBody"> & { assistant: string }) =>
  given(api.PUT("/v1/assistant-designs/{assistant}", { params: { path: { assistant } }, body }));

export const publish = ({ assistant, ...body }: Schema<"PublicationBody"> & { assistant: string }) =>
  given(api.PUT("/v1/assistant-designs/{assistant}/publication", { params: { path: { assistant } }, body }));

export const restore = ({ assistant, version }: { assistant: string; version: number }) =>
  given(
    api.POST("/v1/assistant-designs/{assistant}/versions/{version}/restore", { params: { path: { assistant, version } } }),
  );

export const retire = (assistant: string) =>
  given(api.DELETE("/v1/assistant-designs/{assistant}", { params: { path: { assistant } } }));

export const takeIn = (body: Schema<"AssistantFile">) => given(api.POST("/v1/assistant-designs/imports", { body }));

/** Returns the file of an assistant, exactly as the server writes it. */
export async function fileOf(assistant: string, version: number): Promise<Blob> {
  const reply = await sent(`/v1/assistant-designs/${encodeURIComponent(assistant)}/file?version=${String(version)}`);
  return reply.blob();
}
