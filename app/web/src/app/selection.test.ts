import { expect, test } from "vitest";
import { dropCredential, keepCredential } from "@/api/session";
import { characters, currentSelection, keepSelection, selectedWithin, selectionOf } from "./selection";

test("characters are counted as the API counts them", () => {
  expect(characters("a😀é")).toBe(3);
  expect("a😀é").toHaveLength(4);
});

test("a selection is trimmed, and placed in characters of the version", () => {
  const text = "😀 The dose is 5 mg. No more.";
  const from = text.indexOf(" The");
  expect(selectionOf("v_1", text, 100, from, text.indexOf(" No"))).toEqual({
    versionId: "v_1",
    start: 102,
    end: 119,
    text: "The dose is 5 mg.",
  });
  expect(selectionOf("v_1", text, 0, 2, 3)).toBeNull();
});

test("what is selected in an element is found, hidden characters counted as one", () => {
  document.body.innerHTML = '<p id="a">ab<span data-units="1">RLO</span>cd</p><p id="b">x</p>';
  const element = document.querySelector("#a") as Element;
  const range = document.createRange();
  range.setStart(element.firstChild as Node, 1);
  range.setEnd(element.lastChild as Node, 1);
  window.getSelection()?.removeAllRanges();
  expect(selectedWithin(element)).toBeNull();
  window.getSelection()?.addRange(range);
  expect(selectedWithin(element)).toEqual({ from: 1, to: 4 });
  expect(selectedWithin(document.querySelector("#b") as Element)).toBeNull();
});

test("signing out forgets what was selected", () => {
  keepCredential("cso_x");
  keepSelection({ versionId: "v_1", start: 0, end: 1, text: "a" });
  expect(currentSelection()?.text).toBe("a");
  dropCredential();
  expect(currentSelection()).toBeNull();
});
