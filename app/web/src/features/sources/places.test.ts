import { expect, test } from "vitest";
import { fileName, spanIn } from "./address";
import { covers } from "./dates";
import { placed, scrollTo } from "./geometry";

const BOX = { page: 2, left: 72, top: 100, right: 172, bottom: 112 };

test("boxes are parts of their own page alone", () => {
  expect(placed([BOX, { ...BOX, page: 3 }], 2, { width: 600, height: 800 })).toEqual([
    { left: "11.83%", top: "12.38%", width: "17%", height: "1.75%" },
  ]);
  expect(placed([BOX], 2, { width: 0, height: 0 })[0]?.left).toBe("0%");
});

test("the first box comes into the upper third, and nothing scrolls above the beginning", () => {
  expect(scrollTo(1000, BOX, 2, 600)).toBe(1000);
  expect(scrollTo(0, BOX, 1, 600)).toBe(0);
  expect(scrollTo(1000, undefined, 1, 600)).toBe(1000);
});

test("an address names a span, or it names none", () => {
  expect(spanIn({ start: 3, end: "9" })).toEqual({ start: 3, end: 9 });
  for (const odd of [{}, { start: 9, end: 3 }, { start: -1, end: 3 }, { start: "x", end: 3 }, { start: 0, end: 2 ** 40 }, { start: 1.5, end: 3 }]) {
    expect(spanIn(odd)).toBeUndefined();
  }
});

test("a text is in force from its first day to before its last", () => {
  const act = { from: "2019-01-01", to: "2024-01-01" };
  expect(["2018-12-31", "2019-01-01", "2023-12-31", "2024-01-01"].map((day) => covers(act, day))).toEqual([false, true, true, false]);
  expect(covers({ from: null, to: null }, "1900-01-01")).toBe(true);
});

test("of a path only the file's name is shown", () => {
  expect(fileName("/srv/in/act.xml")).toBe("act.xml");
  expect(fileName("C:\\in\\act.xml")).toBe("act.xml");
  expect(fileName("many.zip!/one.pdf")).toBe("one.pdf");
});
