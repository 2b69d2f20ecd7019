/** A problem of the API (RFC 9457) as an error: a stable code, and a reason that names the way out. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status: number,
    /** Seconds after which it may be tried again, where the server says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(code);
  }

  /** Whether the caller is to sign in (again). */
  get signedOut(): boolean {
    return this.status === 401;
  }
}

/** Codes that the client itself gives, where no server answered. */
export const OFFLINE = "client.offline";
export const ODD_REPLY = "client.odd_reply";

/** Returns the problem in a parsed body; what is none becomes `client.odd_reply`. */
export function problemIn(body: unknown, status: number, retryAfter: string | null = null): ApiProblem {
  const wait = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null;
  if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string") {
    const detail = "detail" in body && typeof body.detail === "string" ? body.detail : "";
    return new ApiProblem(body.code, detail, status, wait);
  }
  return new ApiProblem(ODD_REPLY, "", status, wait);
}

/** Returns the problem of a response that failed. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  let body: unknown = null;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  return problemIn(body, response.status, response.headers.get("Retry-After"));
}

/** Returns any thrown thing as a problem; what `fetch` throws without a reply is being offline. */
export function asProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown;
  if (thrown instanceof TypeError) return new ApiProblem(OFFLINE, "", 0);
  return new ApiProblem(ODD_REPLY, "", 0);
}

/** Whether a thrown thing only says that the user stopped waiting. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}
