import { expect, test } from "vitest";
import { asJson, asMarkdown, asText, type Labels } from "./export";
import { distinct, numbered, placeOf, sourceOf } from "./quotes";
import type { Claim, Quote, Turn } from "./store";

const quote = (more: Partial<Quote> = {}): Quote => ({
  document_id: "d_1",
  version_id: "v_1",
  passage_id: "p_1",
  title: "Guideline",
  section: ["1", "Targets"],
  locator: { page: 3 },
  in_force: { from: "2025-07-01", to: null },
  start: 10,
  end: 20,
  text: "below 130/80",
  ...more,
});
const claim = (text: string, quotes: Quote[]): Claim => ({
  text,
  verdict: "supported",
  score: 1,
  reason: "",
  checker: "c",
  quotes,
});
const turn = (claims: Claim[], question = "What is the target?"): Turn => ({
  id: 1,
  question,
  scope: { subject: "lind", collections: [], asOf: "", purpose: "" },
  assistant: "", status: "done",
  claims,
  answer: {
    id: "a_1",
    status: "answered",
    as_of: "2026-01-02",
    claims,
    evidence: [],
    policies: [],
    redactions: {},
    model: "m",
    timings_ms: {},
  },
  error: null,
  at: "",
});
const labels: Labels = {
  question: "Question",
  answer: "Answer",
  refused: "Refused",
  sources: "Sources",
  asOf: "As of",
  scope: "Scope",
  verdict: (one) => one.verdict,
  inForce: (one) => `in force from ${one.in_force.from ?? ""}`,
  notice: "Written by a machine.",
};

test("the same words have one number, other words the next", () => {
  const again = numbered([claim("a", [quote()]), claim("b", [quote({ start: 30, end: 40 }), quote()])]);
  expect(again.map((one) => one.map(({ number }) => number))).toEqual([[1], [2, 1]]);
  expect(distinct(again).map(({ number }) => number)).toEqual([1, 2]);
});

test("a quote is opened by ids and characters, never by its words", () => {
  expect(sourceOf(quote({ version_id: "v/1?x" }), "lind")).toEqual({
    to: "/sources/v%2F1%3Fx",
    search: { start: 10, end: 20, subject: "lind" },
  });
});

test("the place is the citation, or page and section, or the resource", () => {
  expect(placeOf(quote({ locator: { citation: "Article 17(1)" } }))).toBe("Article 17(1)");
  expect(placeOf(quote())).toBe("Targets · p. 3");
  expect(placeOf(quote({ section: [], locator: { resource: "Observation/1", element: "value" } }))).toBe(
    "Observation/1 · value",
  );
});

test("text has the statement with marks, each source once, and that a machine wrote it", () => {
  expect(asText(turn([claim("Below 130/80.", [quote()]), claim("Again.", [quote()])]), labels)).toBe(
    [
      "Question: What is the target?",
      "",
      "Below 130/80. [1] (supported)",
      "Again. [1] (supported)",
      "",
      "Sources:",
      "[1] “below 130/80” – Guideline, Targets · p. 3, in force from 2025-07-01",
      "",
      "Scope: lind",
      "As of: 2026-01-02",
      "Written by a machine.",
      "",
    ].join("\n"),
  );
});

test("markup in texts of others stays text in Markdown", () => {
  const hostile = "<script>x</script> [a](http://evil.example) ![i](//e.example/p.png)\n# head";
  const text = asMarkdown(turn([claim(hostile, [quote({ text: hostile, title: hostile })])], hostile), labels);
  expect(text).not.toMatch(/(?<!\\)[<>]/);
  expect(text).not.toMatch(/(?<!\\)\]\(/);
  expect(text.match(/^# /gm)).toHaveLength(1);
  expect(text).not.toMatch(/https?:\/\//); // the colon is escaped, so that no reader makes a link of it
});

test("JSON has what the API said, the scope, and that a machine wrote it", () => {
  const found = JSON.parse(asJson(turn([claim("a", [quote()])]))) as Record<string, unknown>;
  expect(found.ai_generated).toBe(true);
  expect(found.scope).toEqual({ subjects: ["lind"], collections: [], as_of: null, purpose: null });
});
