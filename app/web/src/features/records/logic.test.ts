import { expect, test } from "vitest";
import { hrefOf, litIn, sourceOf } from "./places";
import type { Point, Series } from "./queries";
import { extent, first, plotted, standing, timeOf } from "./series";
import { pressed, sorted } from "./sorting";
import { changes } from "./words";

const PLACE = { document_id: "d", version_id: "v_1", passage_id: "p", start: 10, end: 20, locator: {} };
const lit = (number: number, start: number, end: number, versionId = "v_1") => ({
  number,
  documentId: "d",
  versionId,
  start,
  end,
  resource: "",
});

function point(more: Partial<Point>): Point {
  return {
    date: "2025-03-18", time: "", value: "6.5", number: 6.5, comparator: "", low: null, high: null, range: "",
    interpretation: "", status: "final", unread: [], place: PLACE, ...more,
  };
}

function series(points: Point[], more: Partial<Series> = {}): Series {
  return { id: "s1", group: "Vital signs", name: "Pulse", code: null, unit: "/min", low: null, high: null, points, ...more };
}

test.each([
  [10, 20, [1]],
  [0, 11, [1]],
  [19, 99, [1]],
  [12, 13, [1]],
  [0, 10, []],
  [20, 30, []],
])("a quote at %i..%i lights a place at 10..20: %j", (start, end, expected) => {
  expect(litIn(PLACE, [lit(1, start, end)])).toEqual(expected);
});

test("quotes of another version light nothing, and each number comes once, in order", () => {
  expect(litIn(PLACE, [lit(1, 10, 20, "v_2")])).toEqual([]);
  expect(litIn(PLACE, [lit(3, 10, 12), lit(2, 12, 14), lit(3, 14, 16)])).toEqual([2, 3]);
});

test("a place leads to its source by ids and characters alone", () => {
  expect(sourceOf(PLACE, "anna", "")).toEqual({ to: "/sources/v_1", search: { start: 10, end: 20, subject: "anna" } });
  expect(hrefOf(PLACE, "a&b", "2025-01-01")).toBe("/sources/v_1?start=10&end=20&subject=a%26b&as_of=2025-01-01");
});

test("only points with a day and a number are drawn, in the order of time", () => {
  const all = series([
    point({ date: "2025-03-18", time: "09:30 UTC" }),
    point({ date: "2025-03-18", time: "08:00 UTC" }),
    point({ date: "2025-03", unread: ["date_not_a_day"] }),
    point({ date: "[DATE]" }),
    point({ date: "2025-02-30x" }),
    point({ number: null, value: "hemolysed" }),
    point({ status: "entered-in-error", unread: ["withdrawn"] }),
    point({ date: "2024-01-01" }),
  ]);
  expect(plotted(all).map((one) => one.index)).toEqual([7, 1, 0]);
});

test.each([
  ["2025-03-18", "", Date.UTC(2025, 2, 18)],
  ["2025-03-18", "08:30 +02:00", Date.UTC(2025, 2, 18, 8, 30)],
  ["2025-13-18", "", null],
  ["2025", "", null],
  ["", "", null],
])("the time of %s %s is %s", (date, time, expected) => {
  expect(timeOf({ date, time })).toBe(expected);
});

test.each([
  [3.4, "", 3.5, 5.1, "low"],
  [3.5, "", 3.5, 5.1, "within"],
  [3.5, "<", 3.5, 5.1, "low"],
  [5.2, "", 3.5, 5.1, "high"],
  [5.1, ">", 3.5, 5.1, "high"],
  [4, "<", 3.5, 5.1, "unknown"],
  [5, "", null, 5.1, "within"],
  [5, "", null, null, "unknown"],
  [null, "", 3.5, 5.1, "unknown"],
] as const)("%s%s in %s..%s is %s", (number, comparator, low, high, expected) => {
  expect(standing({ number, comparator, low, high })).toBe(expected);
});

test("what is drawn has room above and below, also where all values are the same", () => {
  expect(extent([4, 6], null, null)).toEqual([3.8, 6.2]);
  expect(extent([5], null, null)).toEqual([4.5, 5.5]);
  expect(extent([0], null, null)).toEqual([-1, 1]);
  expect(extent([5], 0, 10)).toEqual([-1, 11]);
});

test("a laboratory value with numbers is shown first, and one without any only where there is no other", () => {
  const lab = series([point({})], { id: "s2", group: "Laboratory results", name: "Potassium", unit: "mmol/L" });
  const text = series([point({ number: null })], { id: "s3", group: "Laboratory results", name: "Culture", unit: "" });
  const all = [series([point({}), point({})]), text, lab];
  expect(first(all)?.id).toBe("s2");
  expect(first([text])?.id).toBe("s3");
  expect(first([])).toBeUndefined();
});

test("rows are sorted by numbers or words, and what says nothing stands last", () => {
  const rows = [{ key: "b" }, { key: "" }, { key: "a10" }, { key: "a9" }];
  expect(sorted(rows, (row) => row.key, false).map((row) => row.key)).toEqual(["a9", "a10", "b", ""]);
  expect(sorted(rows, (row) => row.key, true).map((row) => row.key)).toEqual(["b", "a10", "a9", ""]);
  expect(sorted([{ n: 10 }, { n: 9 }], (row) => row.n, false)).toEqual([{ n: 9 }, { n: 10 }]);
  expect(pressed(null, "date")).toEqual({ column: "date", descending: false });
  expect(pressed({ column: "date", descending: false }, "date")).toEqual({ column: "date", descending: true });
  expect(pressed({ column: "date", descending: true }, "name")).toEqual({ column: "name", descending: false });
});

test("changes are by word, and join to both texts", () => {
  const [before, after] = ["Pay within 30 days of receipt.", "Pay within 45 days of the receipt."];
  const pieces = changes(before, after);
  expect(pieces).toEqual([
    { kind: "same", text: "Pay within" },
    { kind: "removed", text: " 30" },
    { kind: "added", text: " 45" },
    { kind: "same", text: " days of" },
    { kind: "added", text: " the" },
    { kind: "same", text: " receipt." },
  ]);
  const without = (kind: string) => pieces.filter((one) => one.kind !== kind).map((one) => one.text).join("");
  expect(without("added")).toBe(before);
  expect(without("removed")).toBe(after);
  expect(changes("", "New.")).toEqual([{ kind: "added", text: "New." }]);
  expect(changes("Same.", "Same.")).toEqual([{ kind: "same", text: "Same." }]);
});
