import { expect, test } from "vitest";
import type { Schema } from "@/api/client";
import { betterQuote, isVerbatim, quoteOf, sentencesOf, spanAround, touches } from "./quote";

const TEXT = "The dose is 5 mg 😀. It is taken at night.\n\nNo allergy is known.\nBlood pressure: 120/80";
const shown = (text: string, start = 10): Schema<"VersionTextView"> => ({
  id: "v_1",
  document_id: "d_1",
  title: "Note",
  path: "note.txt",
  media_type: "text/plain",
  digest: "aa",
  in_force: { from: null, to: null },
  length: 1000,
  start,
  end: start + [...text].length,
  text,
});

test("sentences and lines are what can be chosen", () => {
  expect(sentencesOf(TEXT, "en").map((one) => one.text)).toEqual([
    "The dose is 5 mg 😀.",
    "It is taken at night.",
    "No allergy is known.",
    "Blood pressure: 120/80",
  ]);
  expect(sentencesOf("1. It is kept. 2. It is\nread.\n3.", "en").map((one) => one.text)).toEqual([
    "1. It is kept.",
    "2. It is",
    "read.",
    "3.",
  ]);
  expect(sentencesOf("剂量为5毫克。晚上服用。", "zh").map((one) => one.text)).toEqual(["剂量为5毫克。", "晚上服用。"]);
});

test("a quote goes from the first to the last chosen sentence, counted in characters", () => {
  const sentences = sentencesOf(TEXT, "en");
  expect(quoteOf(shown(TEXT), sentences, new Set([1]))).toEqual({
    versionId: "v_1",
    start: 30,
    end: 51,
    text: "It is taken at night.",
  });
  const both = quoteOf(shown(TEXT), sentences, new Set([0, 1]));
  expect(both?.text).toBe("The dose is 5 mg 😀. It is taken at night.");
  expect([both?.start, both?.end]).toEqual([10, 51]);
  expect(quoteOf(shown(TEXT), sentences, new Set())).toBeNull();
});

test("nothing is taken from a text that is redacted", () => {
  expect(isVerbatim(shown(TEXT))).toBe(true);
  expect(isVerbatim({ ...shown(TEXT), text: TEXT.replace("120/80", "[DATE]") })).toBe(true);
  expect(isVerbatim({ ...shown(TEXT), text: TEXT.replace("5 mg", "[PERSON]") })).toBe(false);
});

test("the sentences that are quoted now are known", () => {
  const sentences = sentencesOf(TEXT, "en");
  const quoted = (start: number, end: number) => sentences.map((one) => touches(shown(TEXT), one, { start, end }));
  expect(quoted(10, 29)).toEqual([true, false, false, false]);
  expect(quoted(12, 35)).toEqual([true, true, false, false]);
  expect(quoted(0, 10)).toEqual([false, false, false, false]);
});

test("a better quote names its version", () => {
  expect(betterQuote({ versionId: "v_1", start: 3, end: 7, text: "dose" })).toEqual({
    version_id: "v_1",
    passage_id: "",
    start: 3,
    end: 7,
    text: "dose",
  });
});

test("what stands around a quote begins at the text's beginning at the earliest", () => {
  expect(spanAround({ start: 100, end: 120 })).toEqual({ start: 0, end: 1620 });
  expect(spanAround({ start: 5000, end: 5020 })).toEqual({ start: 3500, end: 6520 });
});
