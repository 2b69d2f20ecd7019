import { expect, test } from "vitest";
import { dropCredential, keepCredential } from "@/api/session";
import { changeScope, currentScope, scopeBody, scopeQuery } from "./scope";

test("an empty scope asks for nothing in particular", () => {
  expect(scopeBody()).toEqual({ subjects: [], collections: [] });
  expect(scopeQuery()).toEqual({});
});

test("a scope goes into bodies and queries by the names of the API", () => {
  changeScope({ subject: "lind-anna", collections: ["charts"], asOf: "2024-05-01", purpose: "treatment" });
  expect(scopeBody()).toEqual({
    subjects: ["lind-anna"],
    collections: ["charts"],
    as_of: "2024-05-01",
    purpose: "treatment",
  });
  expect(scopeQuery()).toEqual({
    subject: ["lind-anna"],
    collection: ["charts"],
    as_of: "2024-05-01",
    purpose: "treatment",
  });
});

test("a purpose that the API does not know is not sent", () => {
  changeScope({ purpose: "curiosity" });
  expect(scopeBody().purpose).toBeUndefined();
});

test("signing out forgets the scope", () => {
  keepCredential("cso_x");
  changeScope({ subject: "lind-anna" });
  dropCredential();
  expect(currentScope().subject).toBe("");
  expect(sessionStorage).toHaveLength(0);
});
