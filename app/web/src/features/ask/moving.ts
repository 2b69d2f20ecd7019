/** The links of all quotes on the page, in their order. */
function links(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-quote]")];
}

/** Moves the focus to a quote of the newest answer that has any, by its number. */
export function focusQuote(number: number): void {
  const articles = [...document.querySelectorAll("article")].filter((one) => one.querySelector("[data-quote]"));
  articles.at(-1)?.querySelector<HTMLElement>(`[data-quote="${String(number)}"]`)?.focus();
}

/** Moves the focus to the next quote, or the one before; from elsewhere to the first, or the last. */
export function focusNextQuote(by: 1 | -1): void {
  const all = links();
  const now = all.findIndex((one) => one === document.activeElement);
  const next = now === -1 ? (by === 1 ? 0 : all.length - 1) : now + by;
  all[Math.min(Math.max(next, 0), all.length - 1)]?.focus();
}
