import { useEffect, useRef, useSyncExternalStore } from "react";

/** Single keys that do something where nothing is typed. They can be turned off (WCAG 2.2, 2.1.4). */
const KEY = "consilium.shortcuts";
const listeners = new Set<() => void>();
const on = () => localStorage.getItem(KEY) !== "off";

export function useShortcutsOn(): boolean {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, on);
}

export function keepShortcutsOn(value: boolean): void {
  if (value) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, "off");
  listeners.forEach((tell) => {
    tell();
  });
}

const TAKEN = "input, textarea, select, [contenteditable], [role='dialog'], [role='alertdialog'], [role='listbox'], [role='menu']";

/** Whether a key that goes there is typed or meant for an open control. */
export function isTaken(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TAKEN) !== null;
}

/** Calls what stands by a key while the component is shown. Keys with Ctrl, Alt or ⌘ are the browser's. */
export function useShortcuts(actions: Record<string, () => void>): void {
  const active = useShortcutsOn();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!active) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTaken(event.target)) return;
      const action = latest.current[event.key];
      if (action === undefined || document.querySelector("[role='dialog'], [role='alertdialog']")) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", pressed);
    };
  }, [active]);
}
