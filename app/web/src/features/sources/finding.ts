import { useEffect, useRef, useState } from "react";
import { occurrences, type Span } from "./spans";
import type { TextWindow } from "./queries";

const MOST = 1000;
const PATIENCE_MS = 250;

/** Where something was found: in which window, and where in its text as shown, in UTF-16 units. */
export interface Found extends Span {
  window: number;
}

export interface Finding {
  found: readonly Found[];
  current: Found | undefined;
  number: number;
  /** Whether some windows are still to be looked through. */
  busy: boolean;
  /** Whether there is more than is counted. */
  more: boolean;
  go: (step: 1 | -1) => void;
}

type Windows = (signal: AbortSignal) => AsyncGenerator<{ number: number; window: TextWindow }>;
const NOTHING = { found: [] as readonly Found[], busy: false, more: false };

/** Finds a text in a version, in the windows as they are shown: what is redacted is not found, and nothing is sent. */
export function useFinding(wanted: string, windows: Windows): Finding {
  const [state, setState] = useState({ wanted: "", ...NOTHING });
  const [number, setNumber] = useState(0);
  const latest = useRef(windows);
  useEffect(() => {
    latest.current = windows;
  });
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setNumber(0);
      void look(wanted, latest.current, stop.signal, setState);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted]);
  const shown = wanted.trim() === "" ? NOTHING : state;
  const count = shown.found.length;
  return {
    ...shown,
    number,
    current: shown.found[number],
    go: (step) => {
      if (count > 0) setNumber((now) => (now + step + count) % count);
    },
  };
}

async function look(
  wanted: string,
  windows: Windows,
  signal: AbortSignal,
  tell: (state: { wanted: string; found: readonly Found[]; busy: boolean; more: boolean }) => void,
): Promise<void> {
  const found: Found[] = [];
  if (wanted.trim() === "") {
    tell({ wanted, found, busy: false, more: false });
    return;
  }
  tell({ wanted, found, busy: true, more: false });
  try {
    for await (const { number, window } of windows(signal)) {
      const here = occurrences(window.text, wanted, MOST - found.length).map((one) => ({ ...one, window: number }));
      found.push(...here);
      if (signal.aborted) return;
      if (here.length > 0) tell({ wanted, found: [...found], busy: true, more: false });
      if (found.length >= MOST) break;
    }
  } catch {
    // What cannot be fetched says so in its own window; what was found elsewhere stays.
  }
  if (!signal.aborted) tell({ wanted, found: [...found], busy: false, more: found.length >= MOST });
}
