import type { Schema } from "@/api/client";

export type Status = Schema<"AuditStatusView">;
export type Event = Schema<"AuditEventView">;

export interface Progress {
  events: number;
  of: number;
}

/** Returns how much of a verification is done, from 0 to 100; a trail without events is done at once. */
export function percentDone({ events, of }: Progress): number {
  return of <= 0 ? 100 : Math.min(100, Math.floor((events / of) * 100));
}

/** Reads an event of a verification's stream; `null` for one that says nothing. */
export function readEvent(event: string, data: unknown): { progress: Progress } | { status: Status } | null {
  if (typeof data !== "object" || data === null) return null;
  if (event === "progress") return { progress: data as Progress };
  if (event === "finding") return { status: data as Status };
  return null;
}

/** Returns the facts of an event as lines of a name and a text, in the order of their names. */
export function factsOf(event: Pick<Event, "facts">): { name: string; text: string }[] {
  return Object.entries(event.facts)
    .map(([name, value]) => ({ name, text: Array.isArray(value) ? value.map(String).join(", ") : String(value) }))
    .filter((fact) => fact.text !== "")
    .sort((first, second) => first.name.localeCompare(second.name, "en"));
}

/** What is searched for; "" does not choose. `to` is the last day that is meant, in UTC. */
export interface Search {
  event: string;
  actor: string;
  answer: string;
  subject: string;
  from: string;
  to: string;
}

export const NOTHING: Search = { event: "", actor: "", answer: "", subject: "", from: "", to: "" };
