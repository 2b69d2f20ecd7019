import type { Span } from "./spans";

/** What may stand behind `/sources/…?` in an address: places and ids, never text. */
export interface SourceSearch {
  start?: unknown;
  end?: unknown;
  subject?: unknown;
  as_of?: unknown;
  passage?: unknown;
}

export function addressOf(versionId: string): string {
  return `/sources/${encodeURIComponent(versionId)}`;
}

/** Returns the span that an address names; none where it isn't one. */
export function spanIn({ start, end }: SourceSearch): Span | undefined {
  const [first, last] = [Number(start), Number(end)];
  const sound = start !== undefined && end !== undefined && Number.isSafeInteger(first) && Number.isSafeInteger(last);
  return sound && first >= 0 && first < last && last < 2 ** 31 ? { start: first, end: last } : undefined;
}

/** Returns the last part of a path, also of one on another system; where a file lay is nobody's concern. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
