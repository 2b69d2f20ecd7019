import { useEffect, type RefObject } from "react";
import { characters, keepSelection, selectedWithin, selectionOf } from "@/app/selection";
import type { TextWindow } from "./queries";
import { linesOf } from "./spans";

/**
 * Keeps what is selected within a line of a window, so that it can be given as a better quote. Where something in the
 * window is redacted nothing is kept, as places in what is shown are not those of the version.
 */
export function useSelecting(within: RefObject<HTMLElement | null>, window: TextWindow | undefined): void {
  useEffect(() => {
    if (window === undefined || Object.keys(window.redactions).length > 0) return;
    const look = () => {
      const node = document.getSelection()?.anchorNode;
      const element = (node instanceof Element ? node : node?.parentElement)?.closest("[data-at]");
      if (!element || !within.current?.contains(element)) return;
      const line = linesOf(window.text, []).find((one) => one.start === Number(element.getAttribute("data-at")));
      const chosen = selectedWithin(element);
      if (line === undefined || chosen === null) return;
      const start = window.start + characters(window.text.slice(0, line.start));
      const selection = selectionOf(window.id, line.text, start, chosen.from, Math.min(chosen.to, line.text.length));
      if (selection !== null) keepSelection(selection);
    };
    document.addEventListener("selectionchange", look);
    return () => {
      document.removeEventListener("selectionchange", look);
    };
  }, [within, window]);
}
