import { expect, test } from "vitest";
import { daysUntil, found, ordered, type Key, type Setting } from "./shown";

const setting = (name: string, value: string, source: Setting["source"] = "default"): Setting => ({
  name,
  value,
  source,
  meaning: `What ${name} is for.`,
});
const SETTINGS = [setting("pack", "medical", "file"), setting("port", "8642"), setting("chat_api_key", "********", "environment")];

test("settings are found by name, value and meaning, every word of it", () => {
  expect(found(SETTINGS, "PORT", false).map((one) => one.name)).toEqual(["port"]);
  expect(found(SETTINGS, "what medical", false).map((one) => one.name)).toEqual(["pack"]);
  expect(found(SETTINGS, "medical port", false)).toEqual([]);
});

test("what is not the default can be seen alone", () => {
  expect(found(SETTINGS, "", true).map((one) => one.name)).toEqual(["pack", "chat_api_key"]);
});

test("keys that open something come first, and the one that ends next leads", () => {
  const key = (id: string, state: Key["state"], expires_at: string) => ({ id, state, expires_at }) as Key;
  const keys = [key("gone", "revoked", "2026-01-01"), key("late", "active", "2026-09-01"), key("soon", "active", "2026-04-01")];
  expect(ordered(keys).map((one) => one.id)).toEqual(["soon", "late", "gone"]);
});

test("days until a moment are whole ones", () => {
  expect(daysUntil("2026-03-03T12:00:00Z", Date.parse("2026-03-01T00:00:00Z"))).toBe(2);
  expect(daysUntil("2026-01-03T12:00:00Z", Date.parse("2026-03-01T00:00:00Z"))).toBe(0);
});
