import { useSyncExternalStore } from "react";
import { onSessionChange } from "@/api/session";

/** Words that are selected in a source, by their span of the version's canonical text, in characters as the API counts. */
export interface SourceSelection {
  versionId: string;
  start: number;
  end: number;
  text: string;
}

let selected: SourceSelection | null = null;
const listeners = new Set<() => void>();

onSessionChange(() => {
  keepSelection(null);
});

/** Remembers what is selected in a source now; whoever shows a source calls it, and `null` when that goes away. */
export function keepSelection(next: SourceSelection | null): void {
  if (next === selected) return;
  selected = next;
  listeners.forEach((tell) => {
    tell();
  });
}

export function currentSelection(): SourceSelection | null {
  return selected;
}

/** What is selected in a source, for whoever takes a quote from it. */
export function useSelection(): SourceSelection | null {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    currentSelection,
  );
}

/** How many characters (code points) a text has, which is how the API counts; JavaScript counts UTF-16 units. */
export function characters(text: string): number {
  return Array.from(text).length;
}

/**
 * Returns the selection of `from..to` (UTF-16 units) of a text that stands at `start` of a version; `null` where nothing
 * but space is selected. Space at both ends is left out.
 */
export function selectionOf(versionId: string, text: string, start: number, from: number, to: number): SourceSelection | null {
  const raw = text.slice(Math.max(0, from), Math.max(0, to));
  const words = raw.trim();
  if (words === "") return null;
  const first = Math.max(0, from) + raw.indexOf(words);
  const begins = start + characters(text.slice(0, first));
  return { versionId, start: begins, end: begins + characters(words), text: words };
}

/**
 * Returns where the window's selection lies within an element whose text is `text`, in UTF-16 units of it; `null` where
 * it lies elsewhere. Marks of hidden characters count as the one character that they stand for (`data-units`).
 */
export function selectedWithin(element: Element): { from: number; to: number } | null {
  const selection = window.getSelection();
  if (selection === null || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return null;
  return { from: unitsBefore(element, range.startContainer, range.startOffset), to: unitsBefore(element, range.endContainer, range.endOffset) };
}

function unitsBefore(element: Element, node: Node, offset: number): number {
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(node, offset);
  const part = before.cloneContents();
  let marks = 0;
  for (const mark of part.querySelectorAll("[data-units]")) {
    marks += Number(mark.getAttribute("data-units")) - (mark.textContent ?? "").length;
  }
  return (part.textContent ?? "").length + marks;
}
