/** A span in code points, as the API counts. */
export interface Span {
  start: number;
  end: number;
}

/** A span of a string in UTF-16 units, and what it is shown as. */
export interface Highlight extends Span {
  kind: "quote" | "found" | "current";
}

/** Returns the place of a code point in a string, in UTF-16 units. */
export function unitsAt(text: string, point: number): number {
  let units = 0;
  for (let passed = 0; passed < point && units < text.length; passed++) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}

/** Returns how many code points stand before a place of a string in UTF-16 units. */
export function pointsAt(text: string, units: number): number {
  let points = 0;
  for (let passed = 0; passed < units && passed < text.length; points++) {
    passed += (text.codePointAt(passed) ?? 0) > 0xffff ? 2 : 1;
  }
  return points;
}

/** A line of a window, and where in the window it stands. */
export interface Line extends Span {
  text: string;
  /** Numbers of the sections that begin here. */
  sections: readonly number[];
}

/** Returns the lines of a window that hold anything, each with the sections that begin in it. */
export function linesOf(text: string, sections: readonly { number: number; at: number }[]): Line[] {
  const places = sections.map((one) => ({ number: one.number, at: unitsAt(text, one.at) }));
  const lines: Line[] = [];
  let start = 0;
  let waiting: number[] = [];
  for (const line of text.split("\n")) {
    const end = start + line.length;
    waiting.push(...places.filter((one) => one.at >= start && one.at <= end).map((one) => one.number));
    if (line.trim() !== "") {
      lines.push({ text: line, start, end, sections: waiting });
      waiting = [];
    }
    start = end + 1;
  }
  return lines;
}

/** A piece of a line: plain, or highlighted. */
export interface Part {
  text: string;
  kind: Highlight["kind"] | null;
}

/** Returns a line in parts; where highlights meet, the later one in the list is shown. */
export function partsOf(line: Line, highlights: readonly Highlight[]): Part[] {
  const cuts = new Set([0, line.text.length]);
  const own = highlights
    .map((one) => ({ ...one, start: Math.max(0, one.start - line.start), end: Math.min(line.text.length, one.end - line.start) }))
    .filter((one) => one.start < one.end);
  for (const one of own) cuts.add(one.start).add(one.end);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => {
    const end = places[index + 1] ?? line.text.length;
    const over = own.filter((one) => one.start <= start && one.end >= end).at(-1);
    return { text: line.text.slice(start, end), kind: over?.kind ?? null };
  });
}

/** Whether a line is the heading of a section, and not its first words. */
export function isHeading(line: string, heading: string): boolean {
  const plain = (text: string) => text.replace(/\s+/g, " ").trim();
  const [one, other] = [plain(line), plain(heading)];
  return one.length > 0 && one.length <= 200 && (one === other || (other.length > 3 && one.startsWith(other) && one.length < other.length + 3));
}

/** Returns the window that holds a place, by where windows begin. */
export function windowAt(windows: readonly number[], place: number): number {
  let low = 0;
  let high = windows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((windows[middle] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Returns the number of the innermost section around a place, of a list in order; null where there is none. */
export function sectionAt(sections: readonly (Span & { number: number })[], place: number): number | null {
  let found: number | null = null;
  for (const one of sections) {
    if (one.start > place) break;
    if (one.end > place) found = one.number;
  }
  return found;
}

const MOST_FOUND = 1000;

/** Returns where a text stands in another, in UTF-16 units; case and the kind of white space do not matter. */
export function occurrences(text: string, wanted: string, most = MOST_FOUND): Span[] {
  const words = wanted.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("\\s+"), "giu");
  const found: Span[] = [];
  for (const match of text.matchAll(pattern)) {
    found.push({ start: match.index, end: match.index + match[0].length });
    if (found.length >= most) break;
  }
  return found;
}
