import type { Schema } from "@/api/client";

export type Bucket = Schema<"BucketView">;

/** A point of a line; `null` where nothing was measured, so that the line has a gap there and no nought. */
export interface Point {
  at: Date;
  value: number | null;
}

/** Returns the moment that a bucket starts at ("2026-03-01" or "2026-03-01T09", in UTC). */
export function momentOf(start: string): Date {
  return new Date(start.length > 10 ? `${start}:00:00Z` : `${start}T00:00:00Z`);
}

/** How many of the questions that ended were refused, from 0 to 1. */
export function refusalRate({ statuses }: Pick<Bucket, "statuses">): number | null {
  const refused = statuses["refused"] ?? 0;
  const ended = refused + (statuses["answered"] ?? 0);
  return ended === 0 ? null : refused / ended;
}

/** Which share of the drafted claims got a verdict, from 0 to 1. */
export function verdictRate(bucket: Bucket, verdict: "supported" | "contradicted" | "unsupported"): number | null {
  const all = bucket.supported + bucket.contradicted + bucket.unsupported;
  return all === 0 ? null : bucket[verdict] / all;
}

export function total({ statuses }: Pick<Bucket, "statuses">): number {
  return Object.values(statuses).reduce((sum, one) => sum + one, 0);
}

export function line(buckets: readonly Bucket[], value: (bucket: Bucket) => number | null): Point[] {
  return buckets.map((bucket) => ({ at: momentOf(bucket.start), value: value(bucket) }));
}

/** Returns a time as people say it: below a second in milliseconds, then in seconds. */
export function shownTime(milliseconds: number, number: (value: number, digits: number) => string): string {
  return milliseconds < 1000 ? `${number(milliseconds, 0)} ms` : `${number(milliseconds / 1000, 1)} s`;
}
