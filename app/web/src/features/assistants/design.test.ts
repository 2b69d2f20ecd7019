import { expect, test } from "vitest";
import { changedFields, designOf, EMPTY, faultsOf, formOf, isAssistantFile, linesOf, nameFrom, type Form } from "./design";

const FORM: Form = { ...EMPTY, name: "desk", title: "Desk", starters: "How long?\n\n How long? \nWho?", asOf: "2024-05-01", roles: ["reader"] };

test("a form becomes a design and comes back", () => {
  const design = designOf(FORM);
  expect(design.starters).toEqual(["How long?", "Who?"]);
  expect(design.as_of).toBe("2024-05-01");
  expect(designOf(formOf("desk", design))).toEqual(design);
  expect(designOf(EMPTY).as_of).toBeNull();
});

test("what is not right is named by its field", () => {
  expect(faultsOf(FORM, ["general"])).toEqual({});
  expect(faultsOf({ ...FORM, name: "Desk 1" }, [])).toEqual({ name: "nameFault" });
  expect(faultsOf({ ...FORM, title: "  " }, [])).toEqual({ title: "titleFault" });
  expect(faultsOf({ ...FORM, pack: "vet" }, ["general"])).toEqual({ pack: "packFault" });
  expect(faultsOf({ ...FORM, instructions: "x".repeat(4001) }, [])).toEqual({ instructions: "instructionsFault" });
  const many = Array.from({ length: 13 }, (_, index) => `Question ${String(index)}?`).join("\n");
  expect(faultsOf({ ...FORM, starters: many }, [])).toEqual({ starters: "startersFault" });
});

test("a title gives a name that the server takes", () => {
  expect(nameFrom("Würzburg: Data protection (2024)")).toBe("wu-rzburg-data-protection-2024");
  expect(nameFrom("数据")).toBe("");
  expect(faultsOf({ ...FORM, name: nameFrom("x".repeat(80)) }, [])).toEqual({});
});

test("only a file of this format is taken for one", () => {
  expect(isAssistantFile({ format: "consilium-assistant/1", name: "a", design: {} })).toBe(true);
  expect(isAssistantFile({ format: "consilium-assistant/2", name: "a", design: {} })).toBe(false);
  expect(isAssistantFile(null)).toBe(false);
  expect(isAssistantFile([])).toBe(false);
});

test("two versions differ in the fields that say something else", () => {
  const design = designOf(FORM);
  expect(changedFields(design, { ...design, title: "Other", roles: [] })).toEqual(["title", "roles"]);
  expect(changedFields(design, design)).toEqual([]);
});

test("lists are written one entry a line", () => {
  expect(linesOf(" a \n\nb\na")).toEqual(["a", "b"]);
});
