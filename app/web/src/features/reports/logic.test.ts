import { expect, test } from "vitest";
import { cohortKinds, cohortOf, cursorIn, ended, idsIn, isOpen, withId } from "./logic";

test("a pasted list is read by lines, commas and tabs, without comments and repetitions", () => {
  expect(idsIn("# Tuesday\nanna, ben\r\n\n ben \ncleo\tdan;anna")).toEqual(["anna", "ben", "cleo", "dan"]);
  expect(idsIn("  \n# nobody")).toEqual([]);
});

test("an id is added once, on a line of its own", () => {
  expect(withId("", "anna")).toBe("anna");
  expect(withId("anna\n\n", "ben")).toBe("anna\nben");
  expect(withId("anna\nben", "anna")).toBe("anna\nben");
});

test("a cohort is there only when somebody is named", () => {
  expect(cohortOf("ids", " \n", "x")).toBeNull();
  expect(cohortOf("ids", "anna", "")).toEqual({ ids: ["anna"] });
  expect(cohortOf("team", "anna", "  ")).toBeNull();
  expect(cohortOf("collection", "", " contracts ")).toEqual({ collection: "contracts" });
});

test("documents have no team, and patients no documents of a subject", () => {
  expect(cohortKinds("document")).toEqual(["collection", "subject", "ids"]);
  expect(cohortKinds("patient")).toEqual(["ids", "team", "collection"]);
});

test("a batch that waits or runs is open, and all ends count", () => {
  expect([isOpen({ state: "queued" }), isOpen({ state: "running" }), isOpen({ state: "done" })]).toEqual([true, true, false]);
  expect(ended({ done: 3, aside: 2, cancelled: 1 })).toBe(6);
});

test("the cursor of the next page is read from its link", () => {
  expect(cursorIn("/v1/reports/r_1/items?limit=2&cursor=WzJd")).toBe("WzJd");
  expect(cursorIn(null)).toBeNull();
});
