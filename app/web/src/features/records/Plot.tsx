import { useNavigate } from "@tanstack/react-router";
import { scaleLinear, scaleUtc } from "d3-scale";
import { line } from "d3-shape";
import { useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLit } from "@/app/lit";
import { useScope } from "@/app/scope";
import { names } from "@/components/names";
import { SourceText } from "@/components/SourceText";
import { useWidth } from "./narrow";
import { hrefOf, litIn, sourceOf } from "./places";
import type { Series } from "./queries";
import { extent, plotted, standing, type Plotted } from "./series";
import styles from "./records.module.css";

const HIGH = 320;
const LEFT = 64;
const RIGHT = 20;
const TOP = 16;
const BOTTOM = 40;
const HIT = 12;
const DAY = 86_400_000;

/**
 * A value over time. The points are one stop of the keyboard: arrows, Home and End go from point to point, Enter opens
 * the source. Every point stands in the table below as well.
 */
export function Plot({ series, subject }: { series: Series; subject: string }) {
  const { t, i18n } = useTranslation();
  const { asOf } = useScope();
  const lit = useLit();
  const navigate = useNavigate();
  const wide = useWidth();
  const points = plotted(series);
  const group = useRef<SVGGElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const last = points.length - 1;
  const current = Math.min(at ?? last, last);
  if (points.length === 0) return <p>{t("records.nothingToPlot")}</p>;

  const { low, high } = series;
  const [least, most] = extent(points.map((one) => one.number), low, high);
  const [begin, end] = [points[0]?.time ?? 0, points[last]?.time ?? 0];
  const room = Math.max((end - begin) * 0.03, DAY);
  const x = scaleUtc([begin - room, end + room], [LEFT, wide - RIGHT]);
  const y = scaleLinear([least, most], [HIGH - BOTTOM, TOP]);
  const path = line<Plotted>(
    (one) => x(one.time),
    (one) => y(one.number),
  )(points);
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 6 });
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" });
  const short = new Intl.DateTimeFormat(i18n.language, {
    timeZone: "UTC",
    ...(end - begin > 400 * DAY ? { year: "numeric", month: "short" } : { day: "numeric", month: "short" }),
  });
  const said = (one: Plotted) => {
    const where = standing(one.point);
    const quoted = litIn(one.point.place, lit);
    return [
      `${day.format(one.time)}: ${one.point.comparator} ${one.point.value} ${series.unit}`.replace(/\s+/g, " ").trim(),
      where === "low" || where === "high" ? t(`records.standing.${where}`) : "",
      quoted.length > 0 ? t("records.quoted", { numbers: quoted.join(", ") }) : "",
    ]
      .filter((part) => part !== "")
      .join("; ");
  };
  const go = (to: number) => {
    const next = Math.max(0, Math.min(last, to));
    setAt(next);
    group.current?.querySelectorAll<SVGAElement>("a")[next]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  const shown = points[current];
  return (
    <figure className={styles.figure}>
      <svg className={styles.plot} viewBox={`0 0 ${String(wide)} ${String(HIGH)}`} role="group" aria-label={t("records.plotOf", { name: series.name, unit: series.unit, count: points.length })}>
        <g aria-hidden="true">
          {(low !== null || high !== null) && (
            <rect
              className={styles.band}
              x={LEFT}
              width={wide - LEFT - RIGHT}
              y={high === null ? TOP : y(high)}
              height={Math.max(1, (low === null ? HIGH - BOTTOM : y(low)) - (high === null ? TOP : y(high)))}
            />
          )}
          {y.ticks(5).map((tick) => (
            <g key={tick}>
              <line className={styles.grid} x1={LEFT} x2={wide - RIGHT} y1={y(tick)} y2={y(tick)} />
              <text x={LEFT - 8} y={y(tick)} dy="0.32em" textAnchor="end">
                {number.format(tick)}
              </text>
            </g>
          ))}
          {x.ticks(wide > 500 ? 5 : 3).map((tick) => (
            <text key={tick.getTime()} x={x(tick)} y={HIGH - BOTTOM + 22} textAnchor="middle">
              {short.format(tick)}
            </text>
          ))}
          <line className={styles.axis} x1={LEFT} x2={wide - RIGHT} y1={HIGH - BOTTOM} y2={HIGH - BOTTOM} />
          {path && <path className={styles.line} d={path} />}
        </g>
        {/* The arrows go from link to link; each link acts by itself. */}
        <g ref={group} onKeyDown={onKeyDown}>
          {points.map((one, index) => {
            const where = standing(one.point);
            const { to, search } = sourceOf(one.point.place, subject, asOf);
            return (
              <a
                key={one.index}
                className={styles.point}
                href={hrefOf(one.point.place, subject, asOf)}
                tabIndex={index === current ? 0 : -1}
                aria-label={said(one)}
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
                <circle className={styles.hit} cx={x(one.time)} cy={y(one.number)} r={HIT} />
                {litIn(one.point.place, lit).length > 0 && (
                  <circle className={styles.ring} cx={x(one.time)} cy={y(one.number)} r={10} />
                )}
                {where === "low" || where === "high" ? (
                  // A value outside of its range has another shape, not only another colour.
                  <path className={names(styles.dot, styles.outside)} d={triangle(x(one.time), y(one.number), where)} />
                ) : (
                  <circle
                    className={one.point.comparator === "" ? styles.dot : styles.open}
                    cx={x(one.time)}
                    cy={y(one.number)}
                    r={5}
                  />
                )}
              </a>
            );
          })}
        </g>
      </svg>
      <figcaption>
        <p className={styles.readout} aria-live="polite">
          {shown && (
            <>
              <strong>{t("records.pointOf", { at: current + 1, all: points.length })}</strong> <SourceText text={said(shown)} />
            </>
          )}
        </p>
        <ul className={styles.legend}>
          <li>● {t("records.legend.within")}</li>
          <li>▲▼ {t("records.legend.outside")}</li>
          <li>○ {t("records.legend.bound")}</li>
          {(low !== null || high !== null) && (
            <li>
              ▒ {t("records.legend.range")}: {low ?? "…"}–{high ?? "…"} <SourceText text={series.unit} />
            </li>
          )}
          <li>{t("records.legend.keys")}</li>
        </ul>
      </figcaption>
    </figure>
  );
}

/** Returns a triangle that points up for what is too high, down for what is too low. */
function triangle(x: number, y: number, where: "low" | "high"): string {
  const tip = where === "high" ? -7 : 7;
  return `M${String(x)},${String(y + tip)}L${String(x + 7)},${String(y - tip)}L${String(x - 7)},${String(y - tip)}Z`;
}
