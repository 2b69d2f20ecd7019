import { expect, test } from "vitest";
import { findingsFor, sourceLink } from "./findings";

test("a claim that is wrong is wrong in one of three ways, one that is right in none", () => {
  expect(findingsFor({ claim: 0, verdict: "wrong" })).toEqual(["unsupported", "contradicted", "beside"]);
  expect(findingsFor({ claim: 0, verdict: "right" })).toEqual(["supported"]);
  expect(findingsFor({ claim: 2, verdict: "better_quote" })).toEqual(["supported"]);
  expect(findingsFor({ claim: null, verdict: "wrong" })).toEqual([]);
});

test("a quote is opened by its version and span, and by no word of it", () => {
  expect(sourceLink({ version_id: "v_1/2", start: 3, end: 9 })).toEqual({ to: "/sources/v_1%2F2", search: { start: 3, end: 9 } });
});
