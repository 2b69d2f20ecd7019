import type { Schema } from "@/api/client";

export type Design = Required<Schema<"DesignBody">>;
export type Role = NonNullable<Schema<"DesignBody">["roles"]>[number];

/** Roles that an audience may be made of: those who may ask. */
export const ROLES: readonly Role[] = ["reader", "professional", "system"];
export const FORMAT = "consilium-assistant/1";
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/;
const MOST_STARTERS = 12;
const LONGEST_STARTER = 500;
const LONGEST_INSTRUCTIONS = 4000;

/** What is edited: lists are texts, one entry a line. */
export interface Form {
  name: string;
  title: string;
  description: string;
  roles: readonly Role[];
  teams: string;
  instructions: string;
  collections: string;
  pack: string;
  unsupported: Design["unsupported"];
  redact: Design["redact"];
  purpose: Design["purpose"];
  asOf: string;
  starters: string;
}

export const EMPTY: Form = {
  name: "",
  title: "",
  description: "",
  roles: [],
  teams: "",
  instructions: "",
  collections: "",
  pack: "",
  unsupported: "",
  redact: "",
  purpose: "",
  asOf: "",
  starters: "",
};

/** The fields that are not right, each with the key of its text. */
export type Faults = Partial<Record<keyof Form, string>>;

export function faultsOf(form: Form, packs: readonly string[]): Faults {
  const faults: Faults = {};
  if (!NAME.test(form.name)) faults.name = "nameFault";
  if (form.title.trim() === "" || form.title.length > 200) faults.title = "titleFault";
  if (form.instructions.length > LONGEST_INSTRUCTIONS) faults.instructions = "instructionsFault";
  if (form.pack !== "" && !packs.includes(form.pack)) faults.pack = "packFault";
  const starters = linesOf(form.starters);
  if (starters.length > MOST_STARTERS || starters.some((one) => one.length > LONGEST_STARTER)) faults.starters = "startersFault";
  return faults;
}

/** Returns the entries of a list that is written one a line. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim()).filter((line) => line !== ""))];
}

export function designOf(form: Form): Design {
  return {
    title: form.title.trim(),
    description: form.description.trim(),
    roles: [...form.roles],
    teams: linesOf(form.teams),
    instructions: form.instructions.trim(),
    collections: linesOf(form.collections),
    pack: form.pack,
    unsupported: form.unsupported,
    redact: form.redact,
    purpose: form.purpose,
    as_of: form.asOf === "" ? null : form.asOf,
    starters: linesOf(form.starters),
  };
}

export function formOf(name: string, design: Schema<"DesignBody">): Form {
  return {
    name,
    title: design.title ?? "",
    description: design.description ?? "",
    roles: design.roles ?? [],
    teams: (design.teams ?? []).join("\n"),
    instructions: design.instructions ?? "",
    collections: (design.collections ?? []).join("\n"),
    pack: design.pack ?? "",
    unsupported: design.unsupported ?? "",
    redact: design.redact ?? "",
    purpose: design.purpose ?? "",
    asOf: design.as_of ?? "",
    starters: (design.starters ?? []).join("\n"),
  };
}

/** Returns a name that would do, made of a title. */
export function nameFrom(title: string): string {
  return title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/g, "");
}

/** Whether a parsed file is one of ours as far as can be seen here; the server looks at the rest of it. */
export function isAssistantFile(value: unknown): value is Schema<"AssistantFile"> {
  return typeof value === "object" && value !== null && "format" in value && value.format === FORMAT && "name" in value && "design" in value;
}

/** The names of the fields in which two designs differ. */
export function changedFields(before: Schema<"DesignBody">, after: Schema<"DesignBody">): (keyof Design)[] {
  const names = Object.keys(after) as (keyof Design)[];
  return names.filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null));
}
