import { useNavigate } from "@tanstack/react-router";
import { scaleUtc } from "d3-scale";
import { useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLit } from "@/app/lit";
import { useScope } from "@/app/scope";
import { SourceText } from "@/components/SourceText";
import { useWidth } from "./narrow";
import { hrefOf, litIn, sourceOf } from "./places";
import type { Matter } from "./queries";
import styles from "./records.module.css";

const EDGE = 40;
const STEP = 18;
const AXIS = 40;
const DAY = 86_400_000;
const CLOSE = 16;

/** The days of a matter along a line; days that lie close stand above one another. Keys as in a plot. */
export function Timeline({ events, subject }: { events: Matter["events"]; subject: string }) {
  const { t, i18n } = useTranslation();
  const { asOf } = useScope();
  const lit = useLit();
  const navigate = useNavigate();
  const wide = useWidth();
  const group = useRef<SVGGElement>(null);
  const [at, setAt] = useState(0);
  const dated = events.flatMap((event) => (event.date ? [{ event, time: Date.parse(`${event.date}T00:00:00Z`) }] : []));
  if (dated.length === 0) return <p>{t("records.nothingToPlot")}</p>;
  const [begin, end] = [dated[0]?.time ?? 0, dated.at(-1)?.time ?? 0];
  const room = Math.max((end - begin) * 0.03, 15 * DAY);
  const x = scaleUtc([begin - room, end + room], [EDGE, wide - EDGE]);
  const tops: number[] = [];
  const placed = dated.map((one) => {
    const place = x(one.time);
    const level = tops.findIndex((last) => place - last >= CLOSE);
    const row = level === -1 ? tops.length : level;
    tops[row] = place;
    return { ...one, x: place, row };
  });
  const base = tops.length * STEP + 16;
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" });
  const short = new Intl.DateTimeFormat(i18n.language, { year: "numeric", month: "short", timeZone: "UTC" });
  const last = placed.length - 1;
  const current = Math.min(at, last);
  const go = (event: KeyboardEvent) => {
    const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(last, to));
    setAt(next);
    group.current?.querySelectorAll<SVGAElement>("a")[next]?.focus();
  };
  const shown = placed[current];
  return (
    <figure className={styles.figure}>
      <svg className={styles.plot} viewBox={`0 0 ${String(wide)} ${String(base + AXIS)}`} role="group" aria-label={t("records.timelineOf", { count: placed.length })}>
        <g aria-hidden="true">
          <line className={styles.axis} x1={EDGE} x2={wide - EDGE} y1={base} y2={base} />
          {x.ticks(wide > 500 ? 5 : 3).map((tick) => (
            <text key={tick.getTime()} x={x(tick)} y={base + 24} textAnchor="middle">
              {short.format(tick)}
            </text>
          ))}
        </g>
        {/* The arrows go from link to link; each link acts by itself. */}
        <g ref={group} onKeyDown={go}>
          {placed.map((one, index) => {
            const { to, search } = sourceOf(one.event.quote.place, subject, asOf);
            const y = base - 10 - one.row * STEP;
            return (
              <a
                key={index}
                className={styles.point}
                href={hrefOf(one.event.quote.place, subject, asOf)}
                tabIndex={index === current ? 0 : -1}
                aria-label={`${day.format(one.time)}: ${one.event.quote.text}`}
                onFocus={() => {
                  setAt(index);
                }}
                onMouseEnter={() => {
                  setAt(index);
                }}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  void navigate({ to, search: () => search });
                }}
              >
                <circle className={styles.hit} cx={one.x} cy={y} r={12} />
                {litIn(one.event.quote.place, lit).length > 0 && <circle className={styles.ring} cx={one.x} cy={y} r={9} />}
                <circle className={styles.dot} cx={one.x} cy={y} r={5} />
              </a>
            );
          })}
        </g>
      </svg>
      <figcaption className={styles.readout} aria-live="polite">
        {shown && (
          <>
            <strong>{day.format(shown.time)}</strong> <SourceText text={shown.event.quote.text} />
          </>
        )}
      </figcaption>
    </figure>
  );
}
