import type { Schema } from "@/api/client";

export const STATUSES = ["answered", "refused", "denied", "done", "open"] as const;
export type Status = Schema<"OperationView">["status"];
export const OPERATIONS = ["question", "search", "check", "redaction", "replay"] as const;

/** What is looked at. Days are those of UTC; `to` is the last one that is meant. "" does not choose. */
export interface Filters {
  from: string;
  to: string;
  operation: string;
  purpose: string;
  status: string;
}

const DAY_MS = 86_400_000;
const MOST_HOURLY_DAYS = 3;

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

/** Returns the last thirty days. */
export function lastDays(now: number, days = 30): Filters {
  return { from: dayOf(now - (days - 1) * DAY_MS), to: dayOf(now), operation: "", purpose: "", status: "" };
}

/** Returns the day after one ("2026-02-28" gives "2026-03-01"); "" for none. */
export function dayAfter(day: string): string {
  const moment = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(moment) ? "" : dayOf(moment + DAY_MS);
}

/** Whether the days can be asked for at all. */
export function isSound({ from, to }: Filters): boolean {
  return !Number.isNaN(Date.parse(from)) && !Number.isNaN(Date.parse(to)) && from <= to;
}

/** Returns the query of the API: its `until` is the first day that is not meant any more. */
export function queryOf(filters: Filters): {
  since?: string;
  until?: string;
  operation?: string;
  purpose?: string;
  status?: Status;
} {
  const { from, to, operation, purpose, status } = filters;
  return {
    ...(from === "" ? {} : { since: from }),
    ...(to === "" ? {} : { until: dayAfter(to) }),
    ...(operation === "" ? {} : { operation }),
    ...(purpose === "" ? {} : { purpose }),
    ...((STATUSES as readonly string[]).includes(status) ? { status: status as Status } : {}),
  };
}

/** Returns hours for a few days, and days for longer. */
export function bucketOf({ from, to }: Filters): "day" | "hour" {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS < MOST_HOURLY_DAYS ? "hour" : "day";
}

/** Returns the cursor in a link to the next page; `undefined` where there is none. */
export function cursorIn(next: string | null | undefined): string | undefined {
  return next ? (new URLSearchParams(next.split("?")[1] ?? "").get("cursor") ?? undefined) : undefined;
}
