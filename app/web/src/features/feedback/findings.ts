import type { Schema } from "@/api/client";

type Finding = NonNullable<Schema<"DecisionBody">["finding"]>;

/** Returns what a reviewer may find of a claim: one thing where it is right, three where it is wrong. */
export function findingsFor(feedback: { claim: number | null; verdict: Schema<"ReviewView">["verdict"] }): readonly Finding[] {
  if (feedback.claim === null) return [];
  return feedback.verdict === "wrong" ? ["unsupported", "contradicted", "beside"] : ["supported"];
}

/** Returns where a quote is opened in its source. The subject comes from the scope; no text is in the address. */
export function sourceLink(quote: { version_id: string; start: number; end: number }): { to: string; search: Record<string, unknown> } {
  return { to: `/sources/${encodeURIComponent(quote.version_id)}`, search: { start: quote.start, end: quote.end } };
}
