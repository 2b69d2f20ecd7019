import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keepSelection } from "@/app/selection";
import { ErrorState } from "@/components/ErrorState";
import { names } from "@/components/names";
import { textQuery, type Outline, type SourceScope, type TextWindow } from "./queries";
import { isHeading, linesOf, partsOf, unitsAt, windowAt, type Highlight, type Span } from "./spans";
import { Marked } from "./Marked";
import { useSelecting } from "./selecting";
import type { Found } from "./finding";
import styles from "./sources.module.css";

const CHARACTERS_A_LINE = 80;
const LINE_HEIGHT = 26;

/** Where to go in a text; `turn` tells one wish from the next for the same place. */
export interface Goal {
  place: number;
  turn: number;
}

/** The text of a version, window by window as it scrolls, with the quote and what was found marked. */
export function TextView({
  outline,
  scope,
  mark,
  goal,
  found,
  current,
  label,
}: {
  outline: Outline;
  scope: SourceScope;
  mark: Span | undefined;
  goal: Goal;
  found: readonly Found[];
  current: Found | undefined;
  label: string;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => () => {
    keepSelection(null);
  }, []);
  const windows = outline.windows;
  const sizes = useMemo(
    () => windows.map((start, index) => estimate((windows[index + 1] ?? outline.length) - start)),
    [windows, outline.length],
  );
  // eslint-disable-next-line react-hooks/incompatible-library -- there is no React compiler in this build
  const virtual = useVirtualizer({
    count: windows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => sizes[index] ?? LINE_HEIGHT,
    overscan: 1,
  });
  const place = current ? (windows[current.window] ?? 0) : goal.place;
  const target = windowAt(windows, place);
  useEffect(() => {
    virtual.scrollToIndex(target, { align: "start" });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new wish, not a new virtualizer, is a reason to scroll
  }, [target, goal, current]);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes the focus, for the keyboard
    <div ref={scroller} className={styles.scroller} role="region" aria-label={label} tabIndex={0}>
      <div className={styles.canvas} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            data-index={item.index}
            ref={virtual.measureElement}
            className={styles.window}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <OneWindow
              outline={outline}
              scope={scope}
              number={item.index}
              mark={mark}
              goal={item.index === target ? goal : undefined}
              found={found}
              current={current}
              scroller={scroller}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

function OneWindow({
  outline,
  scope,
  number,
  mark,
  goal,
  found,
  current,
  scroller,
}: {
  outline: Outline;
  scope: SourceScope;
  number: number;
  mark: Span | undefined;
  goal: Goal | undefined;
  found: readonly Found[];
  current: Found | undefined;
  scroller: React.RefObject<HTMLDivElement | null>;
}) {
  const start = outline.windows[number] ?? 0;
  const end = outline.windows[number + 1] ?? outline.length;
  const { data, error, refetch } = useQuery(textQuery(outline.id, scope, start, end, mark));
  const own = useRef<HTMLDivElement>(null);
  useSelecting(own, data);
  useEffect(() => {
    if (data === undefined || goal === undefined) return;
    const frame = requestAnimationFrame(() => {
      bringIn(own.current, scroller.current, goal.place, current !== undefined);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [data, goal, current, scroller]);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) {
    return <div className={styles.waiting} aria-hidden="true" style={{ height: estimate(end - start) }} />;
  }
  const highlights: Highlight[] = [
    ...quoteIn(data),
    ...found.filter((one) => one.window === number).map((one) => ({ start: one.start, end: one.end, kind: kindOf(one, current) })),
  ];
  return (
    <div ref={own}>
      <Lines outline={outline} window={data} highlights={highlights} />
    </div>
  );
}

/** The lines of a window: headings of sections as headings, everything else as paragraphs. */
export function Lines({ outline, window, highlights }: { outline: Outline; window: TextWindow; highlights: readonly Highlight[] }) {
  const byNumber = useMemo(() => new Map(outline.sections.map((one) => [one.number, one])), [outline]);
  const lines = useMemo(() => linesOf(window.text, window.sections), [window]);
  return lines.map((line) => {
    const sections = line.sections.flatMap((number) => byNumber.get(number) ?? []);
    const heading = sections.find((one) => isHeading(line.text, one.heading));
    const starts = sections.map((one) => one.start).join(" ");
    const content = <Marked parts={partsOf(line, highlights)} />;
    return heading ? (
      <div
        key={line.start}
        role="heading"
        aria-level={Math.min(6, heading.level + 2)}
        className={names(styles.line, styles.heading)}
        data-starts={starts}
        data-at={line.start}
      >
        {content}
        {heading.resource && <span className={styles.resource}>{heading.resource}</span>}
      </div>
    ) : (
      <p key={line.start} className={styles.line} data-starts={starts || undefined} data-at={line.start}>
        {content}
      </p>
    );
  });
}

/** The quote in a window, in UTF-16 units. */
export function quoteIn(window: TextWindow): Highlight[] {
  return window.marks.map((one) => ({
    start: unitsAt(window.text, one.start),
    end: unitsAt(window.text, one.end),
    kind: "quote",
  }));
}

function kindOf(one: Found, current: Found | undefined): Highlight["kind"] {
  return current?.window === one.window && current.start === one.start ? "current" : "found";
}

/** Scrolls the mark that is wanted, or the line of the section, into the upper third. */
function bringIn(window: HTMLElement | null, scroller: HTMLElement | null, place: number, finding: boolean): void {
  if (window === null || scroller === null) return;
  const wanted = finding
    ? window.querySelector("mark[data-kind=current]")
    : (window.querySelector(`[data-starts~="${place}"]`) ?? window.querySelector("mark[data-kind=quote]"));
  if (wanted === null) return;
  const [inner, outer] = [wanted.getBoundingClientRect(), scroller.getBoundingClientRect()];
  scroller.scrollTop += inner.top - outer.top - scroller.clientHeight / 3;
}

function estimate(characters: number): number {
  return Math.max(LINE_HEIGHT, Math.ceil(characters / CHARACTERS_A_LINE) * LINE_HEIGHT);
}

/** Fetches every window of a version, at most `most`, around a place; for printing and finding. */
export function useEveryWindow(outline: Outline | undefined, scope: SourceScope, mark: Span | undefined) {
  const client = useQueryClient();
  const { t } = useTranslation();
  return async function* every(signal: AbortSignal): AsyncGenerator<{ number: number; window: TextWindow }> {
    if (outline === undefined) throw new Error(t("errors.other.title"));
    for (const [number, start] of outline.windows.entries()) {
      if (signal.aborted) return;
      const end = outline.windows[number + 1] ?? outline.length;
      yield { number, window: await client.fetchQuery(textQuery(outline.id, scope, start, end, mark)) };
    }
  };
}
