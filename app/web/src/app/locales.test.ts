import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const FOLDER = join(import.meta.dirname, "../../locales");
const SOURCES = join(import.meta.dirname, "..");

function keysOf(value: unknown, before = ""): string[] {
  if (typeof value !== "object" || value === null) return [before];
  return Object.entries(value).flatMap(([name, inner]) => keysOf(inner, before === "" ? name : `${before}.${name}`));
}

const catalogue = (name: string) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Record<string, unknown>;
const withoutPlural = (keys: string[]) => [...new Set(keys.map((key) => key.replace(/_(zero|one|two|few|many|other)$/, "")))].sort();
const english = withoutPlural(keysOf(catalogue("en.json")));

test.each(readdirSync(FOLDER))("%s says everything that English says, and nothing else", (name) => {
  expect(withoutPlural(keysOf(catalogue(name)))).toEqual(english);
});

test.each(readdirSync(FOLDER))("%s fills in the same words", (name) => {
  const holes = (text: unknown) => [...String(text).matchAll(/{{\s*(\w+)/g)].map((match) => match[1]).sort();
  const at = (of: unknown, path: string) => path.split(".").reduce((found: unknown, part) => (found as Record<string, unknown> | undefined)?.[part], of);
  for (const key of keysOf(catalogue("en.json"))) {
    const other = at(catalogue(name), key);
    if (other !== undefined && !/_(one|zero)$/.test(key)) expect(holes(other), key).toEqual(holes(at(catalogue("en.json"), key)));
  }
});

test("every text that the sources name is there", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."));
  const missing = files.flatMap((name) =>
    [...readFileSync(join(SOURCES, name), "utf8").matchAll(/\bt\(\s*"([^"]+)"|label: "([a-z][A-Za-z]*\.[A-Za-z.]+)"/g)]
      .map((match) => match[1] ?? match[2] ?? "")
      .filter((key) => !english.includes(key))
      .map((key) => `${name}: ${key}`),
  );
  expect(missing).toEqual([]);
});
