import type { Lit } from "@/app/lit";
import type { Place } from "./queries";

/** What of a place says where it is. */
export type Span = Pick<Place, "version_id" | "start" | "end">;

/** Returns the numbers of the quotes that stand in a place, in order: those of its version that share a character. */
export function litIn(place: Span, lit: readonly Lit[]): number[] {
  const found = lit.filter((one) => one.versionId === place.version_id && one.start < place.end && place.start < one.end);
  return [...new Set(found.map((one) => one.number))].sort((a, b) => a - b);
}

/** Returns the address of a place in its source: ids and characters alone. */
export function sourceOf(place: Span, subject: string, asOf: string): { to: string; search: Record<string, unknown> } {
  return {
    to: `/sources/${encodeURIComponent(place.version_id)}`,
    search: { start: place.start, end: place.end, subject, ...(asOf === "" ? {} : { as_of: asOf }) },
  };
}

/** Returns the same as the text of an address, for what is no link of the router. */
export function hrefOf(place: Span, subject: string, asOf: string): string {
  const { to, search } = sourceOf(place, subject, asOf);
  const query = new URLSearchParams(Object.entries(search).map(([name, value]) => [name, String(value)]));
  return `${to}?${query.toString()}`;
}
