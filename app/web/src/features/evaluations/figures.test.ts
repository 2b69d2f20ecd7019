import { expect, test } from "vitest";
import { comparable, endOf, groupsOf, verdictKey, type Figure, type Summary } from "./figures";

const figure = (name: string, value: number | null, some: Partial<Figure> = {}): Figure => ({
  name,
  value,
  count: 10,
  low: null,
  high: null,
  unit: "",
  higher_is_better: true,
  ...some,
});
const run = (id: string, suite: string, digest: string) => ({ id, suite, dataset_digest: digest }) as Summary;

test("shares have an axis to one, other figures one that holds them", () => {
  expect(endOf([figure("a", 0.4, { high: 0.5 })])).toBe(1);
  expect(endOf([figure("a", 340, { high: 420 })])).toBe(500);
  expect(endOf([figure("a", null)])).toBe(1);
});

test("figures of one unit share an axis, and counts stand alone", () => {
  const groups = groupsOf([figure("a", 0.4), figure("ms", 300, { unit: "ms" }), figure("b", 0.6), figure("n", 5, { higher_is_better: null })]);
  expect(groups.map((group) => group.figures.map((one) => one.name))).toEqual([["a", "b"], ["ms"], ["n"]]);
});

test("only runs of the same suite over the same data can be compared", () => {
  const all = [run("one", "answers", "aa"), run("two", "answers", "aa"), run("three", "answers", "bb"), run("four", "privacy", "aa")];
  expect(comparable(run("one", "answers", "aa"), all).map((one) => one.id)).toEqual(["two"]);
});

test("a verdict of the server has a key of its own", () => {
  expect(verdictKey("no clear difference")).toBe("no_clear_difference");
});
