import { expect, test } from "vitest";
import type { NavigationEntry } from "./feature";
import { entriesFor } from "./navigation";

const entries: NavigationEntry[] = [
  { to: "/ask", label: "a", icon: "ask", roles: ["reader", "professional"], group: "work" },
  { to: "/audit", label: "b", icon: "audit", roles: ["auditor"], group: "oversight" },
];
const shown = (...roles: Parameters<typeof entriesFor>[0]) => entriesFor(roles, entries).map((entry) => entry.to);

test("each role sees the pages that are for it", () => {
  expect(shown("professional")).toEqual(["/ask"]);
  expect(shown("auditor")).toEqual(["/audit"]);
  expect(shown("auditor", "reader")).toEqual(["/ask", "/audit"]);
  expect(shown("administrator")).toEqual([]);
});

test("the owner of the machine sees all", () => {
  expect(shown("owner")).toEqual(["/ask", "/audit"]);
});
