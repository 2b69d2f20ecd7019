import type { Claim, Quote } from "./store";

/** A quote with the number that it has in its answer; the same words have one number however often they are used. */
export interface Numbered {
  number: number;
  quote: Quote;
}

/** Returns the numbered quotes of each claim. */
export function numbered(claims: readonly Claim[]): Numbered[][] {
  const known = new Map<string, number>();
  return claims.map((claim) =>
    claim.quotes.map((quote) => {
      const key = `${quote.version_id} ${String(quote.start)} ${String(quote.end)}`;
      const number = known.get(key) ?? known.size + 1;
      known.set(key, number);
      return { number, quote };
    }),
  );
}

/** Returns each quote once, by its number. */
export function distinct(all: readonly (readonly Numbered[])[]): Numbered[] {
  const found = new Map<number, Numbered>();
  for (const one of all.flat()) if (!found.has(one.number)) found.set(one.number, one);
  return [...found.values()];
}

/** Returns where a quote is opened in its source: ids and characters alone stand in the address. */
export function sourceOf(quote: Quote, subject: string): { to: string; search: Record<string, unknown> } {
  return {
    to: `/sources/${encodeURIComponent(quote.version_id)}`,
    search: { start: quote.start, end: quote.end, ...(subject === "" ? {} : { subject }) },
  };
}

/** Returns where it stands, in the words of its source: article, page, section or resource. */
export function placeOf(quote: Quote): string {
  const { citation, page, resource, element } = quote.locator;
  if (citation) return citation;
  const parts = [
    quote.section.at(-1) ?? "",
    page ? `p. ${String(page)}` : "",
    resource ? (element ? `${resource} · ${element}` : resource) : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}
