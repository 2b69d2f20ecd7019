import { visible } from "@/components/visible";
import { distinct, numbered, placeOf } from "./quotes";
import type { Claim, Quote, Turn } from "./store";

/** The words around an answer, in the language of the reader; what is quoted stays as it is. */
export interface Labels {
  question: string;
  answer: string;
  refused: string;
  sources: string;
  asOf: string;
  scope: string;
  verdict: (claim: Claim) => string;
  inForce: (quote: Quote) => string;
  /** That a machine wrote it and people check it. */
  notice: string;
}

/** Returns an answer as plain text, with its quotes as numbered footnotes. */
export function asText(turn: Turn, labels: Labels): string {
  const quotes = numbered(turn.claims);
  const lines = [`${labels.question}: ${visible(turn.question)}`, ""];
  if (turn.answer?.refusal) lines.push(`${labels.refused}: ${visible(turn.answer.refusal.reason)}`);
  turn.claims.forEach((claim, index) => {
    const marks = (quotes[index] ?? []).map((one) => `[${String(one.number)}]`).join("");
    lines.push(`${visible(claim.text)} ${marks} (${labels.verdict(claim)})`.replace("  ", " "));
  });
  const all = distinct(quotes);
  if (all.length > 0) lines.push("", `${labels.sources}:`);
  for (const { number, quote } of all) {
    lines.push(`[${String(number)}] “${oneLine(quote.text)}” – ${origin(quote, labels)}`);
  }
  lines.push("", ...foot(turn, labels));
  return lines.join("\n") + "\n";
}

/** Returns an answer as Markdown; whatever would be markup in a text that somebody else wrote is escaped. */
export function asMarkdown(turn: Turn, labels: Labels): string {
  const quotes = numbered(turn.claims);
  const lines = [`# ${escaped(turn.question)}`, ""];
  if (turn.answer?.refusal) lines.push(`**${labels.refused}.** ${escaped(turn.answer.refusal.reason)}`, "");
  turn.claims.forEach((claim, index) => {
    const marks = (quotes[index] ?? []).map((one) => `[^${String(one.number)}]`).join("");
    lines.push(`- ${escaped(claim.text)}${marks} *(${labels.verdict(claim)})*`);
  });
  for (const { number, quote } of distinct(quotes)) {
    lines.push("", `[^${String(number)}]: “${escaped(quote.text)}” – ${escaped(origin(quote, labels))}`);
  }
  lines.push("", ...foot(turn, labels).map(escaped));
  return lines.join("\n") + "\n";
}

/** Returns an answer as JSON: what the API said, with the question and the scope. */
export function asJson(turn: Turn): string {
  const { subject, collections, asOf, purpose } = turn.scope;
  const scope = { subjects: subject === "" ? [] : [subject], collections, as_of: asOf || null, purpose: purpose || null };
  return JSON.stringify({ question: turn.question, scope, answer: turn.answer, ai_generated: true }, null, 2) + "\n";
}

function origin(quote: Quote, labels: Labels): string {
  return [visible(quote.title), visible(placeOf(quote)), labels.inForce(quote)].filter((part) => part !== "").join(", ");
}

function foot(turn: Turn, labels: Labels): string[] {
  const scope = [turn.scope.subject, ...turn.scope.collections].filter((one) => one !== "").map(visible).join(", ");
  return [
    ...(scope === "" ? [] : [`${labels.scope}: ${scope}`]),
    ...(turn.answer === null ? [] : [`${labels.asOf}: ${turn.answer.as_of}`]),
    labels.notice,
  ];
}

function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, " ").trim();
}

/** Escapes what Markdown, or HTML within it, would take for markup (CommonMark 0.31, 2.4), on one line. */
function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]()#+\-.!|~<>&:@$^=]/g, "\\$&")
    .replace(/^(\d+)\\\./, "$1\\.");
}
