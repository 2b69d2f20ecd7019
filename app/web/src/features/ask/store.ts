import { useSyncExternalStore } from "react";
import { api, given, newKey, sent, streamed, type Schema } from "@/api/client";
import { asProblem, isAbort, OFFLINE, type ApiProblem } from "@/api/problem";
import { credential, onSessionChange } from "@/api/session";
import { lightUp } from "@/app/lit";
import { changeScope, currentScope, scopeBody, type Scope } from "@/app/scope";
import { distinct, numbered } from "./quotes";

export type Answer = Schema<"AnswerView">;
export type Claim = Schema<"ClaimView">;
export type Quote = Schema<"QuoteView">;

/** A question and what came of it. */
export interface Turn {
  id: number;
  question: string;
  scope: Scope;
  /** The assistant that answers, by its id; "" for none. */
  assistant: string;
  status: "streaming" | "done" | "stopped" | "failed";
  /** What stood so far, or at the end. */
  claims: readonly Claim[];
  answer: Answer | null;
  error: ApiProblem | null;
  /** When it was asked, for who reads it later; "" for just now. */
  at: string;
}

interface Asking {
  turns: readonly Turn[];
  /** The conversation that the next question goes on with, as long as the scope is the same; `used` once it holds any. */
  conversation: { id: string; scope: string; used: boolean } | null;
}

/** What is asked and answered in this tab. It goes on while somebody looks at a source, and comes back with them. */
const KEPT = "consilium.conversation";
const EMPTY: Asking = { turns: [], conversation: null };
const LONGEST_PAGE = 500;
const LATE_MS = 100;
const listeners = new Set<() => void>();
const keys = new Map<number, string>();
let asking = EMPTY;
let running: AbortController | null = null;
let last = 0;

onSessionChange(() => {
  abandon();
  beginning = null;
  keys.clear();
  change(EMPTY);
});

export function useAsking(): Asking {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => asking,
  );
}

/** Asks within the scope that is chosen now, as part of the conversation if there is one with that scope. */
export async function ask(question: string, assistant = ""): Promise<void> {
  if (running !== null) return;
  const turn: Turn = {
    id: ++last,
    question,
    scope: currentScope(),
    assistant,
    status: "streaming",
    claims: [],
    answer: null,
    error: null,
    at: "",
  };
  change({ ...asking, turns: [...asking.turns, turn] });
  await run(turn);
}

/** Asks a question again that was stopped or failed, in its place and in its scope. */
export async function retry(id: number): Promise<void> {
  const turn = asking.turns.find((one) => one.id === id);
  if (running !== null || turn === undefined) return;
  // What was lost on the way may have been done: the same key gives the reply that was kept.
  if (turn.error?.code !== OFFLINE) keys.delete(id);
  const again: Turn = { ...turn, status: "streaming", claims: [], answer: null, error: null };
  put(again);
  await run(again);
}

export function stop(): void {
  running?.abort();
}

/** Begins anew; what was asked stays in the history. */
export function startNew(): void {
  abandon();
  forsake();
  remember(null);
  change(EMPTY);
}

/** Shows a conversation from the history, and goes on within its scope. */
export async function resume(id: string): Promise<void> {
  abandon();
  const path = { conversation_id: id };
  const [found, page] = await Promise.all([
    given(api.GET("/v1/conversations/{conversation_id}", { params: { path } })),
    given(
      api.GET("/v1/conversations/{conversation_id}/messages", { params: { path, query: { limit: LONGEST_PAGE } } }),
    ),
  ]);
  const scope: Scope = {
    subject: found.subjects[0] ?? "",
    collections: found.collections,
    asOf: found.as_of ?? "",
    purpose: found.purpose,
  };
  changeScope(scope);
  const turns = page.messages.map((message): Turn => ({
    id: ++last,
    question: message.question,
    scope,
    assistant: "",
    status: "done",
    claims: message.answer.claims,
    answer: message.answer,
    error: null,
    at: message.at,
  }));
  forsake();
  remember(id);
  change({ turns, conversation: { id, scope: scopeKey(scope), used: true } });
  light(turns.at(-1)?.claims ?? []);
}

/** Returns the conversation that was open before the page was loaded anew, if there is one to go back to. */
export function keptConversation(): string | null {
  return asking === EMPTY ? sessionStorage.getItem(KEPT) : null;
}

/** Two scopes with the same key may share a conversation. */
export function scopeKey(scope: Scope): string {
  return JSON.stringify([scope.subject, [...scope.collections].sort(), scope.asOf, scope.purpose]);
}

function abandon(): void {
  running?.abort();
  running = null;
}

async function run(turn: Turn): Promise<void> {
  const controller = new AbortController();
  running = controller;
  let now = turn;
  const show = (next: Partial<Turn>) => {
    now = { ...now, ...next };
    // Whoever began anew meanwhile does not want to see it any more.
    if (running === controller) put(now);
  };
  try {
    const open = asking.conversation?.scope === scopeKey(turn.scope) ? asking.conversation.id : null;
    // No waiting where there is nothing to wait for: the request leaves before the page is drawn anew.
    const id = open ?? (await conversationFor(turn.scope));
    taken(id);
    controller.signal.throwIfAborted();
    const key = keys.get(turn.id) ?? newKey();
    keys.set(turn.id, key);
    const path = `/v1/conversations/${encodeURIComponent(id)}/messages`;
    const body = { question: turn.question, ...(turn.assistant === "" ? {} : { assistant: turn.assistant }) };
    for await (const { event, data } of streamed(path, body, controller.signal, key)) {
      if (event === "claim") {
        show({ claims: [...now.claims, data as Claim] });
        // Whoever waits sees it before the rest is read and drawn.
        if (now.claims.length === 1) await painted();
      }
      if (event === "answer") {
        const answer = data as Answer;
        show({ status: "done", answer, claims: answer.claims });
        light(answer.claims);
      }
    }
    if (now.answer === null) show({ status: "failed", error: asProblem(null) });
  } catch (thrown) {
    if (isAbort(thrown)) {
      show({ status: "stopped" });
    } else {
      const error = asProblem(thrown);
      // A conversation that was removed or erased meanwhile is not gone on with.
      if (error.code === "request.not_found") change({ ...asking, conversation: null });
      show({ status: "failed", error });
    }
  } finally {
    if (running === controller) running = null;
  }
}

/** Resolves once what was changed is painted, or after a moment where nothing is, as in a page in the background. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, LATE_MS);
    requestAnimationFrame(() => {
      setTimeout(() => {
        clearTimeout(late);
        resolve();
      });
    });
  });
}

/** Begins the conversation of the next question while that is typed, so that asking takes one way instead of two. */
export function prepare(): void {
  const scope = currentScope();
  if (running !== null || asking.conversation?.scope === scopeKey(scope) || beginning?.scope === scopeKey(scope)) return;
  // What is wrong with the scope is said when the question is asked.
  begin(scope).catch(() => undefined);
}

/** Returns the id of the conversation of a scope, which is begun if the one that is open has another. */
async function conversationFor(scope: Scope): Promise<string> {
  if (beginning?.scope === scopeKey(scope)) return beginning.id;
  return begin(scope);
}

let beginning: { scope: string; id: Promise<string> } | null = null;

function begin(scope: Scope): Promise<string> {
  const key = scopeKey(scope);
  const begun = given(api.POST("/v1/conversations", { body: scopeBody(scope) })).then(({ id }) => {
    if (beginning?.id === begun) {
      forsake();
      change({ ...asking, conversation: { id, scope: key, used: false } });
    } else {
      remove(id); // the scope was changed meanwhile
    }
    return id;
  });
  const own = { scope: key, id: begun };
  beginning = own;
  void begun.catch(() => undefined).finally(() => {
    if (beginning === own) beginning = null;
  });
  return begun;
}

/** Removes a conversation that was begun and never asked in, as nobody would look for it. */
function forsake(): void {
  const { conversation } = asking;
  if (conversation === null || conversation.used) return;
  remove(conversation.id);
  change({ ...asking, conversation: null });
}

function remove(id: string): void {
  if (credential() === null) return;
  sent(`/v1/conversations/${encodeURIComponent(id)}`, { method: "DELETE", keepalive: true }).catch(() => undefined);
}

window.addEventListener("pagehide", forsake);

/** Lights up the quotes of an answer in the other views. */
export function light(claims: readonly Claim[]): void {
  lightUp(
    distinct(numbered(claims)).map(({ number, quote }) => ({
      number,
      documentId: quote.document_id,
      versionId: quote.version_id,
      start: quote.start,
      end: quote.end,
      resource: quote.locator.resource ?? "",
    })),
  );
}

/** Notes that a conversation is asked in. */
function taken(id: string): void {
  if (asking.conversation?.id === id) asking.conversation.used = true;
  remember(id);
}

function remember(id: string | null): void {
  if (id === null) sessionStorage.removeItem(KEPT);
  else sessionStorage.setItem(KEPT, id);
}

function put(turn: Turn): void {
  change({ ...asking, turns: asking.turns.map((one) => (one.id === turn.id ? turn : one)) });
}

function change(next: Asking): void {
  asking = next;
  listeners.forEach((tell) => {
    tell();
  });
}
