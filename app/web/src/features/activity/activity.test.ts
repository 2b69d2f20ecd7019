import { expect, test } from "vitest";
import { bucketOf, cursorIn, dayAfter, isSound, lastDays, queryOf } from "./filters";
import { line, momentOf, refusalRate, shownTime, verdictRate, type Bucket } from "./rates";

const bucket = (some: Partial<Bucket>): Bucket => ({
  start: "2026-03-01",
  statuses: {},
  supported: 0,
  contradicted: 0,
  unsupported: 0,
  tokens: 0,
  cost: null,
  latency: { count: 0, p50: null, p90: null, p99: null },
  ...some,
});
const NOON = Date.parse("2026-03-15T12:00:00Z");

test("the last thirty days end today", () => {
  expect(lastDays(NOON)).toMatchObject({ from: "2026-02-14", to: "2026-03-15" });
});

test("the API is asked for the days up to and without the one after the last", () => {
  expect(dayAfter("2026-02-28")).toBe("2026-03-01");
  expect(queryOf({ from: "2026-03-01", to: "2026-03-31", operation: "", purpose: "treatment", status: "refused" })).toEqual({
    since: "2026-03-01",
    until: "2026-04-01",
    purpose: "treatment",
    status: "refused",
  });
  expect(queryOf({ from: "", to: "", operation: "", purpose: "", status: "nonsense" })).toEqual({});
});

test("days that lead nowhere are not asked for", () => {
  expect(isSound({ ...lastDays(NOON), from: "2026-04-01" })).toBe(false);
  expect(isSound({ ...lastDays(NOON), to: "" })).toBe(false);
  expect(isSound(lastDays(NOON))).toBe(true);
});

test("a few days are shown by the hour, more of them by the day", () => {
  expect(bucketOf({ ...lastDays(NOON, 3) })).toBe("hour");
  expect(bucketOf({ ...lastDays(NOON, 4) })).toBe("day");
});

test("the next page is where its link says", () => {
  expect(cursorIn("/v1/activity?limit=2&cursor=WzNd")).toBe("WzNd");
  expect(cursorIn(null)).toBeUndefined();
});

test("questions that did not end count for no rate", () => {
  expect(refusalRate(bucket({ statuses: { answered: 3, refused: 1, open: 6, denied: 2 } }))).toBe(0.25);
  expect(refusalRate(bucket({ statuses: { open: 6 } }))).toBeNull();
});

test("where nothing was drafted there is no rate of verdicts, not a rate of nought", () => {
  expect(verdictRate(bucket({ supported: 3, unsupported: 1 }), "supported")).toBe(0.75);
  expect(verdictRate(bucket({}), "supported")).toBeNull();
  expect(line([bucket({})], (of) => verdictRate(of, "supported"))).toEqual([{ at: momentOf("2026-03-01"), value: null }]);
});

test("buckets start in UTC", () => {
  expect(momentOf("2026-03-01T09").toISOString()).toBe("2026-03-01T09:00:00.000Z");
  expect(momentOf("2026-03-01").toISOString()).toBe("2026-03-01T00:00:00.000Z");
});

test("times below a second are in milliseconds", () => {
  const number = (value: number, digits: number) => value.toFixed(digits);
  expect(shownTime(999, number)).toBe("999 ms");
  expect(shownTime(12_340, number)).toBe("12.3 s");
});
