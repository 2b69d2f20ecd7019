import { expect, test } from "vitest";
import { choiceOf, holds, nameOf } from "./subjects";

const NAMES = { "mrn-7": "Änne O'Neil", "mrn-8": "Eve \u202e\u202c" };

test("a patient is called by name, by id where there is none, and no name hides what it is", () => {
  expect(nameOf("mrn-7", NAMES)).toBe("Änne O'Neil");
  expect(nameOf("matter-1", NAMES)).toBe("matter-1");
  expect(nameOf("mrn-7", undefined)).toBe("mrn-7");
  expect(nameOf("mrn-8", NAMES)).not.toMatch(/[\u202a-\u202e]/u);
});

test("a patient is found by part of the name or id in any case", () => {
  for (const words of ["änne", "o'NEIL", "o'neil än", "MRN-7", " rn-7 ", ""]) expect(holds("mrn-7", NAMES, words), words).toBe(true);
  for (const words of ["eve", "mrn-8", "änne eve"]) expect(holds("mrn-7", NAMES, words), words).toBe(false);
});

test("a line to choose has the id below the name, and the note after it", () => {
  expect(choiceOf("mrn-7", NAMES)).toEqual({ id: "mrn-7", text: "mrn-7", label: "Änne O'Neil", note: "mrn-7" });
  expect(choiceOf("mrn-7", NAMES, "recent")).toEqual({ id: "mrn-7", text: "mrn-7", label: "Änne O'Neil", note: "mrn-7 · recent" });
  expect(choiceOf("matter-1", NAMES)).toEqual({ id: "matter-1", text: "matter-1", label: "matter-1" });
  expect(choiceOf("matter-1", NAMES, "recent")).toEqual({ id: "matter-1", text: "matter-1", label: "matter-1", note: "recent" });
});
