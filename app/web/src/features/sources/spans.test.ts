import { expect, test } from "vitest";
import { isHeading, linesOf, occurrences, partsOf, pointsAt, sectionAt, unitsAt, windowAt } from "./spans";

test("places in code points are places in strings, also behind characters of two units", () => {
  const text = "a😀b𝔘c";
  expect([0, 1, 2, 3, 4, 5].map((point) => unitsAt(text, point))).toEqual([0, 1, 3, 4, 6, 7]);
  expect([0, 1, 3, 4, 6, 7].map((units) => pointsAt(text, units))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(unitsAt(text, 99)).toBe(7);
});

test("a window is lines, each with the sections that begin in it", () => {
  const lines = linesOf("Act\n\nArticle 1\n1. Text", [
    { number: 1, at: 0 },
    { number: 2, at: 5 },
    { number: 3, at: 15 },
  ]);
  expect(lines.map((line) => [line.text, line.start, line.sections])).toEqual([
    ["Act", 0, [1]],
    ["Article 1", 5, [2]],
    ["1. Text", 15, [3]],
  ]);
});

test("a highlight that runs over lines is cut at them, and the last of two is shown", () => {
  const [one, two] = linesOf("ab cd\nef gh", []);
  if (!one || !two) throw new Error("two lines");
  const highlights = [
    { start: 3, end: 8, kind: "quote" as const },
    { start: 4, end: 5, kind: "found" as const },
  ];
  expect(partsOf(one, highlights)).toEqual([
    { text: "ab ", kind: null },
    { text: "c", kind: "quote" },
    { text: "d", kind: "found" },
  ]);
  expect(partsOf(two, highlights)).toEqual([
    { text: "ef", kind: "quote" },
    { text: " gh", kind: null },
  ]);
  expect(partsOf(two, [])).toEqual([{ text: "ef gh", kind: null }]);
});

test("the first line of a section is its heading only where it says the same", () => {
  expect(isHeading("Article 7  Retention", "Article 7 Retention")).toBe(true);
  expect(isHeading("1. The controller may keep it.", "(1)")).toBe(false);
  expect(isHeading("", "")).toBe(false);
});

test("a place is in the last window and the innermost section that begin before it", () => {
  expect([0, 99, 100, 250, 9999].map((place) => windowAt([0, 100, 200], place))).toEqual([0, 0, 1, 2, 2]);
  const sections = [
    { number: 1, start: 0, end: 100 },
    { number: 2, start: 10, end: 20 },
    { number: 3, start: 30, end: 40 },
  ];
  expect([5, 15, 25, 35, 200].map((place) => sectionAt(sections, place))).toEqual([1, 2, 1, 3, null]);
});

test("words are found whatever their case and spacing, and are no pattern", () => {
  expect(occurrences("140/90 mmHg and 130/80\nMMHG", "mmhg")).toEqual([
    { start: 7, end: 11 },
    { start: 23, end: 27 },
  ]);
  expect(occurrences("Health\n  record", "health record")).toEqual([{ start: 0, end: 15 }]);
  expect(occurrences("a.b axb (c)", "a.b")).toEqual([{ start: 0, end: 3 }]);
  expect(occurrences("(c) [d] \\", "(c) [d] \\")).toHaveLength(1);
  expect(occurrences("anything", "  ")).toEqual([]);
  expect(occurrences("aaaa", "a", 2)).toHaveLength(2);
});
