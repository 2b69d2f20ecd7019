import createClient, { type Middleware } from "openapi-fetch";
import { eventsOf } from "./events";
import { ApiProblem, asProblem, ODD_REPLY, problemIn, problemOf } from "./problem";
import type { components, paths } from "./schema";
import { credential } from "./session";

/** The shapes of the API: `Schema<"AnswerView">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** Returns a fresh idempotency key; one is sent with every POST, so that a retry does nothing twice. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
}

const asWhoIAm: Middleware = {
  onRequest({ request }) {
    const sent = credential();
    if (sent !== null) request.headers.set("Authorization", `Bearer ${sent}`);
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", newKey());
    }
    return request;
  },
  onError({ error }) {
    return error instanceof DOMException ? error : asProblem(error);
  },
};

/**
 * The typed client: `await given(api.GET("/v1/me"))`. Paths and bodies are those of the OpenAPI document.
 * `fetch` is looked up at every call, so that tests may stand in for the server.
 */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => globalThis.fetch(request),
  redirect: "error",
});
api.use(asWhoIAm);

/** What openapi-fetch returns. */
interface Result<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Returns the data of a call, or throws its problem. */
export async function given<Data>(call: Promise<Result<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemIn(error, response.status, response.headers.get("Retry-After"));
  return data as Data;
}

/** Yields the events of a POST that streams; abort `signal` to stop it. Throws ApiProblem, also for a `problem` event. */
export async function* streamed(
  path: string,
  body: unknown,
  signal: AbortSignal,
  key: string = newKey(),
): AsyncGenerator<{ event: string; data: unknown }> {
  const response = await sent(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream", "Idempotency-Key": key },
    body: JSON.stringify(body),
    signal,
  });
  if (response.body === null) throw new ApiProblem(ODD_REPLY, "", response.status);
  for await (const { event, data } of eventsOf(response.body)) {
    const parsed: unknown = JSON.parse(data);
    if (event === "problem") throw problemIn(parsed, statusIn(parsed));
    yield { event, data: parsed };
  }
}

/** Fetches anything of this server's API as who is signed in (originals, exports, uploads). Throws ApiProblem. */
export async function sent(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const known = credential();
  if (known !== null) headers.set("Authorization", `Bearer ${known}`);
  if (!path.startsWith("/") || path.startsWith("//")) throw new ApiProblem(ODD_REPLY, "", 0);
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, redirect: "error", credentials: "omit" });
  } catch (error) {
    if (error instanceof DOMException) throw error;
    throw asProblem(error);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

function statusIn(body: unknown): number {
  return typeof body === "object" && body !== null && "status" in body && typeof body.status === "number"
    ? body.status
    : 500;
}
