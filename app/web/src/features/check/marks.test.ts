import { expect, test } from "vitest";
import { asText, faultsIn, isProblem, next, shownBy, stretches, type Check } from "./marks";

const quote = { document_id: "d", version_id: "v", passage_id: "p", title: "Act", section: ["Article 5"], locator: { citation: "Article 5" }, in_force: { from: null, to: null }, start: 0, end: 4, text: "True" };
const sentence = (start: number, end: number, verdict: "supported" | "contradicted" | "unsupported") => ({ text: "s", start, end, verdict, score: 1, reason: "why", checker: "c", quotes: [] });
const check: Check = {
  id: "c_1", as_of: "2026-01-01", summary: {}, policies: [], redactions: {}, timings_ms: {},
  sentences: [sentence(0, 5, "supported"), sentence(6, 10, "contradicted"), sentence(11, 20, "supported")],
  citations: [{ text: "Article 99", start: 12, end: 15, state: "unknown", reason: "not there", source: null }],
  quotations: [{ text: "true", start: 1, end: 3, state: "verbatim", reason: "has them", source: quote, difference: [] }],
};

test("a draft is cut at its sentences by code points, and nothing of it is lost", () => {
  const draft = "😀 one. Zwei 恶. End";
  expect(stretches(draft, [{ start: 0, end: 6 }, { start: 7, end: 14 }])).toEqual([
    { text: "😀 one.", sentence: 0 },
    { text: " ", sentence: null },
    { text: "Zwei 恶.", sentence: 1 },
    { text: " End", sentence: null },
  ]);
});

test("an unknown citation makes a problem of a sentence that is supported, and words that are verbatim none", () => {
  expect(check.sentences.map((one) => isProblem(check, one))).toEqual([false, true, true]);
  expect(faultsIn(check, sentence(11, 20, "supported")).map((one) => one.text)).toEqual(["Article 99"]);
});

test("filters show the sentences of a verdict, or those to look at", () => {
  expect(shownBy(check, "all")).toEqual([0, 1, 2]);
  expect(shownBy(check, "problems")).toEqual([1, 2]);
  expect(shownBy(check, "supported")).toEqual([0, 2]);
  expect(shownBy(check, "unsupported")).toEqual([]);
});

test("the next problem comes round the end", () => {
  expect([next([1, 4], null, 1), next([1, 4], 1, 1), next([1, 4], 4, 1)]).toEqual([1, 4, 1]);
  expect([next([1, 4], null, -1), next([1, 4], 4, -1), next([1, 4], 1, -1)]).toEqual([4, 1, 4]);
  expect(next([], 1, 1)).toBeNull();
});

test("as text, each sentence and each reference says what became of it", () => {
  const text = asText(check, (key) => key);
  expect(text).toContain("[verdict.contradicted] s");
  expect(text).toContain("[check.states.unknown] Article 99: not there");
  expect(text).toContain("— “True”");
});
