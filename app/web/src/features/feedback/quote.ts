import type { Schema } from "@/api/client";
import { characters, selectionOf, type SourceSelection } from "@/app/selection";

/** A sentence of a text, in UTF-16 units of it. */
export interface Sentence {
  from: number;
  to: number;
  text: string;
}

/**
 * Returns the sentences of a text, without empty ones; each line is one at most, as records and lists are lines. A
 * number that stands before a sentence ("1.") belongs to it.
 */
export function sentencesOf(text: string, language: string): Sentence[] {
  const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
  const found: Sentence[] = [];
  let begun: number | null = null;
  for (const { segment, index } of segmenter.segment(text)) {
    let from = index;
    for (const line of segment.split(/(?<=\n)/)) {
      const to = from + line.length;
      if (!line.endsWith("\n") && !/\p{L}/u.test(line)) {
        begun ??= from;
      } else {
        const words = text.slice(begun ?? from, to).trim();
        if (words !== "") found.push({ from: begun ?? from, to, text: words });
        begun = null;
      }
      from = to;
    }
  }
  const rest = begun === null ? "" : text.slice(begun).trim();
  if (begun !== null && rest !== "") found.push({ from: begun, to: text.length, text: rest });
  return found;
}

/** Whether a text is shown as it stands, with nothing redacted: only then can a quote be taken from it. */
export function isVerbatim(shown: Schema<"VersionTextView">): boolean {
  return characters(shown.text) === shown.end - shown.start;
}

/** Returns the words from the first to the last of the chosen sentences as a quote; `null` when none is chosen. */
export function quoteOf(
  shown: Schema<"VersionTextView">,
  sentences: readonly Sentence[],
  chosen: ReadonlySet<number>,
): SourceSelection | null {
  const picked = sentences.filter((_, index) => chosen.has(index));
  const first = picked[0];
  const last = picked.at(-1);
  if (first === undefined || last === undefined) return null;
  return selectionOf(shown.id, shown.text, shown.start, first.from, last.to);
}

/** Whether a sentence is part of what a quote says now. */
export function touches(shown: { text: string; start: number }, sentence: Sentence, quote: { start: number; end: number }): boolean {
  const begins = shown.start + characters(shown.text.slice(0, sentence.from));
  const ends = begins + characters(shown.text.slice(sentence.from, sentence.to).trimEnd());
  return begins < quote.end && ends > quote.start;
}

/** Returns the body that says there is a better quote. */
export function betterQuote(selection: SourceSelection): Schema<"QuoteBody"> {
  return { version_id: selection.versionId, passage_id: "", start: selection.start, end: selection.end, text: selection.text };
}

const AROUND = 1500;

/** Returns the span of a version to show around a quote. */
export function spanAround(quote: { start: number; end: number }): { start: number; end: number } {
  return { start: Math.max(0, quote.start - AROUND), end: quote.end + AROUND };
}
