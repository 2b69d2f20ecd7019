import { useSyncExternalStore } from "react";

/** How the client looks and speaks; kept on this machine, as it says nothing about anybody's work. */
export type Theme = "light" | "dark" | "system";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

const THEME = "consilium.theme";
const listeners = new Set<() => void>();
const dark = () => window.matchMedia("(prefers-color-scheme: dark)");

function read(): Theme {
  const kept = localStorage.getItem(THEME);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** Shows the theme that is kept, and goes along with the system while it is "system". */
export function startTheme(): void {
  show();
  dark().addEventListener("change", show);
}

export function keepTheme(theme: Theme): void {
  localStorage.setItem(THEME, theme);
  show();
  listeners.forEach((tell) => {
    tell();
  });
}

export function useTheme(): Theme {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, read);
}

function show(): void {
  const theme = read();
  const shown = theme === "system" ? (dark().matches ? "dark" : "light") : theme;
  document.documentElement.dataset.theme = shown;
}
