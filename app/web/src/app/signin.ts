import { api, given, type Schema } from "@/api/client";
import { keepCredential } from "@/api/session";

/** Where the client waits for the issuer's answer. Registered with the issuer as this server's address plus this. */
export const RETURN_PATH = "/signed-in";
const PENDING = "consilium.sign-in";
const BEFORE = "consilium.before";

interface Pending {
  state: string;
  nonce: string;
  verifier: string;
}

/** Takes a credential out of the fragment (`#token=…`, as `consilium open` prints it) and the fragment out of sight. */
export function takeFragment(): void {
  const found = /^#token=([A-Za-z0-9._~+/=-]{1,8192})$/.exec(window.location.hash);
  if (found === null) return;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  keepCredential(found[1] ?? "");
}

/** Keeps where somebody wanted to go, for after the sign-in. */
export function keepBefore(path: string): void {
  sessionStorage.setItem(BEFORE, path);
}

/** Returns where to go after a sign-in: a path of this client, and nothing else. */
export function takeBefore(): string {
  const path = sessionStorage.getItem(BEFORE) ?? "/";
  sessionStorage.removeItem(BEFORE);
  return /^\/(?![/\\])/.test(path) && !path.startsWith(RETURN_PATH) && !path.startsWith("/sign-in") ? path : "/";
}

/** Goes to the issuer: authorization code with PKCE (RFC 7636), and a state and a nonce of this tab. */
export async function goToIssuer(how: Schema<"SignInView">): Promise<void> {
  const issuer = await given(api.GET("/v1/identity/issuer"));
  const pending: Pending = { state: random(), nonce: random(), verifier: random() };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  window.location.assign(await addressAt(issuer.authorization_endpoint, how, pending));
}

/** Returns the address at the issuer that asks for a code. */
export async function addressAt(endpoint: string, how: Schema<"SignInView">, pending: Pending): Promise<string> {
  const address = new URL(endpoint);
  const asked = {
    response_type: "code",
    client_id: how.client_id ?? "",
    redirect_uri: window.location.origin + RETURN_PATH,
    scope: how.scopes.join(" "),
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: "S256",
    ...(how.audience === null ? {} : { audience: how.audience }),
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  return address.href;
}

/** What came back from the issuer does not belong to a sign-in of this tab, or is a refusal. */
export class SignInError extends Error {
  constructor(readonly kind: "not_ours" | "refused") {
    super(kind);
  }
}

/** Takes the issuer's answer out of the address, has this server exchange the code, and keeps the token. */
export async function takeAnswer(search: string): Promise<void> {
  const answer = new URLSearchParams(search);
  const pending = takePending();
  if (pending === null || answer.get("state") !== pending.state) throw new SignInError("not_ours");
  const code = answer.get("code");
  if (code === null) throw new SignInError("refused");
  const body = {
    code,
    code_verifier: pending.verifier,
    redirect_uri: window.location.origin + RETURN_PATH,
    nonce: pending.nonce,
  };
  const token = await given(api.POST("/v1/identity/tokens", { body }));
  keepCredential(token.access_token);
}

function takePending(): Pending | null {
  const kept = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  return kept === null ? null : (JSON.parse(kept) as Pending);
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

export async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
