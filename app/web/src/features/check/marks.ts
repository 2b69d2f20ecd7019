import type { Schema } from "@/api/client";

export type Check = Schema<"CheckView">;
export type Sentence = Check["sentences"][number];
export type Citation = Check["citations"][number];
export type Quotation = Check["quotations"][number];
export type Filter = "all" | "problems" | Sentence["verdict"];

/** A stretch of a draft: a sentence by its number, or what stands between two. */
export interface Stretch {
  text: string;
  sentence: number | null;
}

/** Cuts a draft at its sentences. The server counts code points, and a string UTF-16 units. */
export function stretches(draft: string, sentences: readonly { start: number; end: number }[]): Stretch[] {
  const points = Array.from(draft);
  const found: Stretch[] = [];
  let at = 0;
  sentences.forEach((one, sentence) => {
    if (one.start > at) found.push({ text: points.slice(at, one.start).join(""), sentence: null });
    found.push({ text: points.slice(one.start, one.end).join(""), sentence });
    at = one.end;
  });
  if (at < points.length) found.push({ text: points.slice(at).join(""), sentence: null });
  return found;
}

/** What is wrong with references within a sentence: unknown citations, and quotations that are not word for word. */
export function faultsIn(check: Pick<Check, "citations" | "quotations">, sentence: Sentence): (Citation | Quotation)[] {
  return [...check.citations, ...check.quotations]
    .filter((one) => one.start < sentence.end && sentence.start < one.end)
    .filter((one) => one.state !== "found" && one.state !== "verbatim");
}

/** Whether somebody should look at a sentence. */
export function isProblem(check: Pick<Check, "citations" | "quotations">, sentence: Sentence): boolean {
  return sentence.verdict !== "supported" || faultsIn(check, sentence).length > 0;
}

/** The numbers of the sentences that a filter shows. */
export function shownBy(check: Check, filter: Filter): number[] {
  return check.sentences.flatMap((one, number) => {
    const shown = filter === "all" || (filter === "problems" ? isProblem(check, one) : one.verdict === filter);
    return shown ? [number] : [];
  });
}

/** The next of some numbers after (or before) one, round the end; `null` where there is none. */
export function next(numbers: readonly number[], from: number | null, step: 1 | -1): number | null {
  if (numbers.length === 0) return null;
  const at = from ?? (step === 1 ? -1 : Number.MAX_SAFE_INTEGER);
  const ahead = numbers.filter((one) => (step === 1 ? one > at : one < at));
  const pick = step === 1 ? (ahead[0] ?? numbers[0]) : (ahead.at(-1) ?? numbers.at(-1));
  return pick ?? null;
}

/** Where a quote stands, as its format says it. */
export function placeOf(quote: { title: string; section: string[]; locator: Schema<"LocatorView"> }): string {
  const { citation, page, resource } = quote.locator;
  const exact = citation ?? resource ?? quote.section.at(-1);
  return [quote.title, exact, page == null ? null : `p. ${String(page)}`].filter(Boolean).join(" · ");
}

/** The result as text, for a mail or a file: every sentence with its verdict, reason and best quote. */
export function asText(check: Check, word: (key: string) => string): string {
  const lines = check.sentences.flatMap((one) => [
    `[${word(`verdict.${one.verdict}`)}] ${one.text}`,
    `    ${one.reason}`,
    ...one.quotes.map((quote) => `    “${quote.text}” — ${placeOf(quote)}`),
  ]);
  const references = [...check.citations, ...check.quotations].map(
    (one) => `[${word(`check.states.${one.state}`)}] ${one.text}: ${one.reason}${one.source ? ` — “${one.source.text}”` : ""}`,
  );
  return [...lines, "", ...references].join("\n").trim() + "\n";
}
