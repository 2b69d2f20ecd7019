import { expect, test } from "vitest";
import { mayReview, minutesLeft } from "./glass";

const ENDS = { expires_at: "2026-03-01T10:00:00+00:00" };

test("the time left is rounded up, and is never below nought", () => {
  expect(minutesLeft(ENDS, Date.parse("2026-03-01T09:58:30Z"))).toBe(2);
  expect(minutesLeft(ENDS, Date.parse("2026-03-01T11:00:00Z"))).toBe(0);
});

test("nobody reviews what they opened themselves, nor what has a verdict", () => {
  expect(mayReview({ caller: "dr-okafor", verdict: null }, "ann")).toBe(true);
  expect(mayReview({ caller: "ann", verdict: null }, "ann")).toBe(false);
  expect(mayReview({ caller: "dr-okafor", verdict: "justified" }, "ann")).toBe(false);
  expect(mayReview({ caller: "dr-okafor", verdict: null }, undefined)).toBe(false);
});
