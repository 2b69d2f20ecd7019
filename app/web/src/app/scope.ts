import { useSyncExternalStore } from "react";
import { onSessionChange } from "@/api/session";

/** What is looked at, in every feature: it goes with each request, lives in this tab, and stands in no address. */
export interface Scope {
  /** The patient or matter; "" for none. */
  subject: string;
  /** Collections to look into; all when empty. */
  collections: readonly string[];
  /** A day (ISO 8601) whose text in force is used; "" for today. */
  asOf: string;
  /** Why it is asked; "" for the pack's default. */
  purpose: string;
}

export const PURPOSES = ["treatment", "legal_advice", "operations", "research", "audit"] as const;
export type Purpose = (typeof PURPOSES)[number];
const KEY = "consilium.scope";
const RECENT = "consilium.recent";
const MOST_RECENT = 8;
const EMPTY: Scope = { subject: "", collections: [], asOf: "", purpose: "" };
const NONE: readonly string[] = [];

const listeners = new Set<() => void>();
let scope = read();
let recent = readRecent();

onSessionChange(() => {
  scope = read();
  recent = readRecent();
  tell();
});

export function currentScope(): Scope {
  return scope;
}

/** Changes part of the scope; a subject that is chosen becomes the first of the recent ones. */
export function changeScope(change: Partial<Scope>): void {
  scope = { ...scope, ...change };
  sessionStorage.setItem(KEY, JSON.stringify(scope));
  if (change.subject) {
    recent = [change.subject, ...recent.filter((one) => one !== change.subject)].slice(0, MOST_RECENT);
    sessionStorage.setItem(RECENT, JSON.stringify(recent));
  }
  tell();
}

export function useScope(): Scope {
  return useSyncExternalStore(subscribe, currentScope);
}

/** Subjects that were chosen in this tab, the newest first. */
export function useRecentSubjects(): readonly string[] {
  return useSyncExternalStore(subscribe, () => recent);
}

/** Returns the scope as the body of a request has it. */
export function scopeBody(of: Scope = scope): {
  subjects: string[];
  collections: string[];
  as_of?: string;
  purpose?: Purpose;
} {
  return {
    subjects: of.subject === "" ? [] : [of.subject],
    collections: [...of.collections],
    ...(of.asOf === "" ? {} : { as_of: of.asOf }),
    ...(isPurpose(of.purpose) ? { purpose: of.purpose } : {}),
  };
}

/** Returns the scope as the query of a GET has it. */
export function scopeQuery(of: Scope = scope): {
  subject?: string[];
  collection?: string[];
  as_of?: string;
  purpose?: string;
} {
  return {
    ...(of.subject === "" ? {} : { subject: [of.subject] }),
    ...(of.collections.length === 0 ? {} : { collection: [...of.collections] }),
    ...(of.asOf === "" ? {} : { as_of: of.asOf }),
    ...(of.purpose === "" ? {} : { purpose: of.purpose }),
  };
}

function isPurpose(value: string): value is Purpose {
  return (PURPOSES as readonly string[]).includes(value);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  listeners.forEach((listener) => {
    listener();
  });
}

function read(): Scope {
  const kept = parsed(KEY);
  if (typeof kept !== "object" || kept === null) return EMPTY;
  const { subject, collections, asOf, purpose } = kept as Record<string, unknown>;
  return {
    subject: typeof subject === "string" ? subject : "",
    collections: Array.isArray(collections) ? collections.filter((one) => typeof one === "string") : [],
    asOf: typeof asOf === "string" ? asOf : "",
    purpose: typeof purpose === "string" && isPurpose(purpose) ? purpose : "",
  };
}

function readRecent(): readonly string[] {
  const kept = parsed(RECENT);
  return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === "string") : NONE;
}

function parsed(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
