import { expect, test } from "vitest";
import { factsOf, percentDone, readEvent } from "./trail";

test("a verification is done by parts, and an empty trail at once", () => {
  expect(percentDone({ events: 999, of: 1000 })).toBe(99);
  expect(percentDone({ events: 1200, of: 1000 })).toBe(100);
  expect(percentDone({ events: 0, of: 0 })).toBe(100);
});

test("the stream tells progress and then a finding, and nothing else", () => {
  expect(readEvent("progress", { events: 1, of: 2 })).toEqual({ progress: { events: 1, of: 2 } });
  expect(readEvent("finding", { whole: true })).toEqual({ status: { whole: true } });
  expect(readEvent("other", {})).toBeNull();
  expect(readEvent("finding", null)).toBeNull();
});

test("facts are shown in order, without those that say nothing", () => {
  expect(factsOf({ facts: { tenant: "elm", actor: "ann", subjects: [], passages: ["p1", "p2"], minutes: 5, refusal: "" } })).toEqual([
    { name: "actor", text: "ann" },
    { name: "minutes", text: "5" },
    { name: "passages", text: "p1, p2" },
    { name: "tenant", text: "elm" },
  ]);
});
