import type { Schema } from "@/api/client";

export type Setting = Schema<"SettingView">;
export type Key = Schema<"KeyView">;

/** Returns the settings whose name, value or meaning holds every word that is searched for. */
export function found(settings: readonly Setting[], search: string, onlyChanged: boolean): Setting[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter((one) => {
    const text = `${one.name} ${one.value} ${one.meaning}`.toLowerCase();
    return (!onlyChanged || one.source !== "default") && words.every((word) => text.includes(word));
  });
}

/** Returns the keys with those that open something first, and of these the one that ends next. */
export function ordered(keys: readonly Key[]): Key[] {
  const rank = (key: Key) => (key.state === "active" ? 0 : 1);
  return [...keys].sort((first, second) => rank(first) - rank(second) || first.expires_at.localeCompare(second.expires_at));
}

/** Returns the whole days until a moment; 0 when it has passed. */
export function daysUntil(moment: string, now: number): number {
  return Math.max(0, Math.floor((Date.parse(moment) - now) / 86_400_000));
}
