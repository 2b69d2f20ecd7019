/** A piece of a text: what is plain, or one character that would not be seen as what it is. */
export type Piece = { text: string } | { hidden: string; units: number };

const SEEN = new Map([
  [0x00ad, "SHY"],
  [0x061c, "ALM"],
  [0x200b, "ZWSP"],
  [0x200e, "LRM"],
  [0x200f, "RLM"],
  [0x2028, "LSEP"],
  [0x2029, "PSEP"],
  [0x202a, "LRE"],
  [0x202b, "RLE"],
  [0x202c, "PDF"],
  [0x202d, "LRO"],
  [0x202e, "RLO"],
  [0x2060, "WJ"],
  [0x2066, "LRI"],
  [0x2067, "RLI"],
  [0x2068, "FSI"],
  [0x2069, "PDI"],
  [0xfeff, "BOM"],
]);
// Controls but tab, line feed and carriage return; what directs, joins or hides text; tags; noncharacters. Joiners
// (U+200C, U+200D) stay: Persian, Hindi and emoji are written with them.
const HIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Returns the pieces of a text in order; characters that direct or hide text come alone, by their names. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    const point = match[0].codePointAt(0) ?? 0;
    const hidden = SEEN.get(point) ?? `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
    found.push({ hidden, units: match[0].length });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

/** Returns a text with those characters as visible marks, for places that take text alone (titles, copies). */
export function visible(text: string): string {
  return pieces(text)
    .map((piece) => ("text" in piece ? piece.text : `‹${piece.hidden}›`))
    .join("");
}
