import type { Schema } from "@/api/client";

export type Template = Schema<"TemplateView">;
export type Batch = Schema<"BatchView">;
export type Item = Schema<"BatchItemView">;
export type Format = Batch["formats"][number];
export type CohortKind = "ids" | "team" | "collection" | "subject";

/** Contents sheets and grids come in these; a FHIR Composition is about one patient. */
export const SHEETS: readonly Format[] = ["pdf", "docx", "html", "json"];

/** Returns the ids of a pasted list: one a line, or with commas between them; none twice, comments left out. */
export function idsIn(text: string): string[] {
  const found = text
    .split(/\r?\n/)
    .filter((line) => !line.trim().startsWith("#"))
    .flatMap((line) => line.split(/[,;\t]/))
    .map((one) => one.trim())
    .filter((one) => one !== "");
  return [...new Set(found)];
}

/** Returns a list with one more id at its end; one that is there already is not added again. */
export function withId(text: string, id: string): string {
  if (idsIn(text).includes(id)) return text;
  return text.trim() === "" ? id : `${text.replace(/\s+$/, "")}\n${id}`;
}

/** Which ways there are to say whom a template's batch is about. */
export function cohortKinds(about: Template["about"]): readonly CohortKind[] {
  return about === "document" ? ["collection", "subject", "ids"] : ["ids", "team", "collection"];
}

/** Returns the cohort of an order, or null while nobody is named. */
export function cohortOf(kind: CohortKind, ids: string, name: string): Schema<"Cohort"> | null {
  if (kind === "ids") {
    const listed = idsIn(ids);
    return listed.length === 0 ? null : { ids: listed };
  }
  const named = name.trim();
  return named === "" ? null : { [kind]: named };
}

/** Whether something of a batch still happens by itself. */
export function isOpen(batch: Pick<Batch, "state">): boolean {
  return batch.state === "queued" || batch.state === "running";
}

/** How many items are at their end, well or not. */
export function ended(batch: Pick<Batch, "done" | "aside" | "cancelled">): number {
  return batch.done + batch.aside + batch.cancelled;
}

/** Returns the cursor in a link to the next page; null for none. */
export function cursorIn(next: string | null | undefined): string | null {
  if (!next) return null;
  return new URLSearchParams(next.slice(next.indexOf("?"))).get("cursor");
}
