import type { Point, Series } from "./queries";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CLOCK = /^(\d{2}):(\d{2})/;
const HIDES = new Set(["withdrawn", "date_not_a_day", "no_date"]);

/** A point that can be drawn, and its place in the series. */
export interface Plotted {
  index: number;
  point: Point;
  time: number;
  number: number;
}

/** Returns the points with a day and a number, in the order of time. Others are in the table alone. */
export function plotted(series: Series): Plotted[] {
  return series.points
    .flatMap((point, index) => {
      const time = timeOf(point);
      if (time === null || point.number === null || point.unread.some((one) => HIDES.has(one))) return [];
      return [{ index, point, time, number: point.number }];
    })
    .sort((a, b) => a.time - b.time || a.index - b.index);
}

/** Returns the time of a point in milliseconds as its place wrote it, whatever the zone; null without a day. */
export function timeOf(point: Pick<Point, "date" | "time">): number | null {
  if (!DAY.test(point.date)) return null;
  const day = Date.parse(`${point.date}T00:00:00Z`);
  if (Number.isNaN(day)) return null;
  const clock = CLOCK.exec(point.time);
  return clock ? day + (Number(clock[1]) * 60 + Number(clock[2])) * 60_000 : day;
}

export type Standing = "low" | "high" | "within" | "unknown";

/** Says where a value stands to the reference range of its own result. "< 3" stands below 3, not at it. */
export function standing(point: Pick<Point, "number" | "low" | "high" | "comparator">): Standing {
  const { number, low, high, comparator } = point;
  if (number === null || (low === null && high === null)) return "unknown";
  if (low !== null && (number < low || (number === low && comparator === "<"))) return "low";
  if (high !== null && (number > high || (number === high && comparator === ">"))) return "high";
  return comparator === "" ? "within" : "unknown";
}

/** Returns lowest and highest of what is drawn, with some room; never an empty interval. */
export function extent(numbers: readonly number[], low: number | null, high: number | null): [number, number] {
  const all = [...numbers, ...(low === null ? [] : [low]), ...(high === null ? [] : [high])];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = most > least ? (most - least) * 0.1 : Math.abs(most) * 0.1 || 1;
  return [least - room, most + room];
}

/** Returns the series to show first: a laboratory value with the most points, else the one with the most. */
export function first(series: readonly Series[]): Series | undefined {
  const rank = (one: Series) => (one.group === "Laboratory results" ? 1_000_000 : 0) + plotted(one).length;
  const drawn = series.filter((one) => plotted(one).length > 0);
  return [...drawn].sort((a, b) => rank(b) - rank(a))[0] ?? series[0];
}
