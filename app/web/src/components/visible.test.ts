import { expect, test } from "vitest";
import { pieces, visible } from "./visible";

test("characters that turn text around are shown by their names", () => {
  expect(visible("safe\u202egnp.exe")).toBe("safe‹RLO›gnp.exe");
  expect(visible("a\u2066b\u2069c")).toBe("a‹LRI›b‹PDI›c");
});

test("invisible characters and controls are shown", () => {
  expect(visible("war\u200bfarin\u00ad\ufeff\u0007")).toBe("war‹ZWSP›farin‹SHY›‹BOM›‹U+0007›");
  expect(visible("x\u{e0041}")).toBe("x‹U+E0041›");
});

test("lines, tabs, joiners, accents, other scripts and emoji stay as they are", () => {
  for (const text of ["a\tb\nc\r\nd", "می\u200cخواهم", "👩\u200d⚕️", "e\u0301", "שלום", "恶心"]) {
    expect(pieces(text)).toEqual([{ text }]);
  }
});

test("an empty text has no pieces", () => {
  expect(pieces("")).toEqual([]);
});
