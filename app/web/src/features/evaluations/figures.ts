import type { Schema } from "@/api/client";

export type Figure = Schema<"FigureView">;
/** A curve as the client gets it: each point is x and y. */
export type Curve = Omit<Schema<"CurveView">, "points"> & { points: readonly (readonly number[])[] };
export type Evaluation = Omit<Schema<"EvaluationView">, "curves"> & { curves: readonly Curve[] };
export type Summary = Schema<"EvaluationSummaryView">;

/** Returns where an axis for some figures ends: 1 for shares, else what is next above the largest that people count by. */
export function endOf(figures: readonly Figure[]): number {
  const largest = Math.max(0, ...figures.flatMap((one) => [one.value ?? 0, one.high ?? 0]));
  if (largest <= 1) return 1;
  const step = 10 ** Math.floor(Math.log10(largest));
  return Math.ceil(largest / step) * step;
}

/** Returns figures in groups that can share an axis: those of one unit, shares apart from what exceeds 1. */
export function groupsOf(figures: readonly Figure[]): { key: string; unit: string; figures: Figure[] }[] {
  const found = new Map<string, { key: string; unit: string; figures: Figure[] }>();
  for (const figure of figures) {
    const share = figure.unit === "" && (figure.value ?? 0) <= 1 && figure.higher_is_better !== null;
    const key = share ? "share" : figure.unit === "" ? `${figure.name}` : figure.unit;
    const group = found.get(key) ?? { key, unit: figure.unit, figures: [] };
    group.figures.push(figure);
    found.set(key, group);
  }
  return [...found.values()];
}

/** Returns the runs that one can be compared with: earlier or later ones of its suite over the same data. */
export function comparable(one: Pick<Summary, "id" | "suite" | "dataset_digest">, all: readonly Summary[]): Summary[] {
  return all.filter((other) => other.id !== one.id && other.suite === one.suite && other.dataset_digest === one.dataset_digest);
}

/** Returns what a verdict of the comparison is called in the catalogues ("no clear difference" is "no_clear_difference"). */
export function verdictKey(verdict: string): string {
  return verdict.replaceAll(" ", "_");
}
