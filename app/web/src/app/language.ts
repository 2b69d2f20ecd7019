import i18next from "i18next";
import { initReactI18next } from "react-i18next";

/** The languages are the files in locales/: another one needs its file, and nothing else. */
const CATALOGUES = import.meta.glob<{ default: Record<string, unknown> }>("../../locales/*.json");
const KEY = "consilium.language";

export const LANGUAGES: readonly string[] = Object.keys(CATALOGUES)
  .map((file) => file.replace(/^.*\/(.+)\.json$/, "$1"))
  .sort();

/** Returns the first of the wanted languages that there is, by its first part ("de-AT" is "de"); else English. */
export function languageFor(wanted: readonly string[], there: readonly string[] = LANGUAGES): string {
  for (const one of wanted) {
    const base = one.toLowerCase().split("-")[0] ?? "";
    if (there.includes(base)) return base;
  }
  return "en";
}

/** Returns what a language calls itself. */
export function nameOf(language: string): string {
  return new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
}

export async function startLanguage(): Promise<void> {
  const kept = localStorage.getItem(KEY);
  const language = languageFor(kept === null ? navigator.languages : [kept, ...navigator.languages]);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: {
      en: { translation: await load("en") },
      ...(language === "en" ? {} : { [language]: { translation: await load(language) } }),
    },
    interpolation: { escapeValue: false }, // React escapes; what is shown is never markup
    returnNull: false,
  });
  document.documentElement.lang = language;
}

export async function keepLanguage(language: string): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", await load(language));
  }
  localStorage.setItem(KEY, language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

async function load(language: string): Promise<Record<string, unknown>> {
  const catalogue = CATALOGUES[`../../locales/${language}.json`];
  return catalogue === undefined ? {} : (await catalogue()).default;
}

/** A date of the API ("2026-03-01") or a moment, as people write it in the language that is shown. */
export function shownDate(value: string, options: Intl.DateTimeFormatOptions = { dateStyle: "medium" }): string {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const moment = new Date(day ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(moment.getTime())) return value;
  return new Intl.DateTimeFormat(i18next.language, day ? { ...options, timeZone: "UTC" } : options).format(moment);
}

/** A number as people write it in the language that is shown. */
export function shownNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(i18next.language, options).format(value);
}
