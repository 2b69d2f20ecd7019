import { expect, test } from "vitest";
import { bodyOf, countOf, digestOf, NO_FILTERS, type Filters } from "./listing";

const scope = { subject: "lind-anna", collections: ["charts"], asOf: "", purpose: "" };
const filters: Filters = { ...NO_FILTERS, whole: false };

test("a list of what may be read asks within the scope", () => {
  expect(bodyOf({ ...filters, title: " letter " }, scope, "d_9")).toEqual({
    subjects: ["lind-anna"], collections: ["charts"], title: "letter", order: "added", down: true, cursor: "d_9", limit: 200,
  });
});

test("the list of everything names no subject and no title", () => {
  const body = bodyOf({ ...filters, whole: true, title: "letter", order: "title", about: "x" }, scope, "");
  expect(body).toMatchObject({ whole: true, subjects: [], about: "x", order: "added" });
  expect(body).not.toHaveProperty("title");
});

test("a chosen collection goes before those of the scope", () => {
  expect(bodyOf({ ...filters, collection: "law" }, scope, "").collections).toEqual(["law"]);
});

test("filters are counted, the order is none", () => {
  expect(countOf({ ...filters, order: "title", down: false })).toBe(0);
  expect(countOf({ ...filters, title: "a", state: "words" })).toBe(2);
});

test("a file is known by its SHA-256", async () => {
  const file = { arrayBuffer: () => Promise.resolve(new TextEncoder().encode("abc").buffer) } as unknown as Blob;
  expect(await digestOf(file)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
