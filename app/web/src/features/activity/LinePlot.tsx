import { scaleLinear, scaleUtc } from "d3-scale";
import { line as pathOf } from "d3-shape";
import { useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { names } from "@/components/names";
import { Table } from "@/components/Table";
import type { Point } from "./rates";
import styles from "./LinePlot.module.css";

export interface Series {
  id: string;
  title: string;
  points: readonly Point[];
}

const WIDTH = 640;
const HEIGHT = 220;
const EDGE = { top: 12, right: 12, bottom: 28, left: 56 };
const LINES = [styles.first, styles.second, styles.third];
const DOTS = ["circle", "square", "triangle"] as const;

/**
 * Values over time as lines, each with a mark of its own shape so that colour alone says nothing, and the same values
 * as a table for those who want to read them.
 */
export function LinePlot({
  title,
  series,
  shown,
  shownAt,
  most,
}: {
  title: string;
  series: readonly Series[];
  shown: (value: number) => string;
  shownAt: (at: Date) => string;
  /** Where the axis ends at least. */
  most?: number;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const first = series[0]?.points ?? [];
  const values = series.flatMap((one) => one.points.flatMap((point) => (point.value === null ? [] : [point.value])));
  return (
    <figure className={styles.figure} aria-labelledby={id}>
      <figcaption className={styles.caption}>
        <h3 id={id}>{title}</h3>
        {values.length > 0 && (
          <Button
            size="small"
            kind="quiet"
            className="no-print"
            aria-expanded={asTable}
            onPress={() => {
              setAsTable(!asTable);
            }}
          >
            {asTable ? t("activity.asPlot") : t("activity.asTable")}
          </Button>
        )}
      </figcaption>
      {values.length === 0 ? (
        <p className={styles.nothing}>{t("activity.nothingMeasured")}</p>
      ) : asTable ? (
        <Table
          caption={title}
          captionHidden
          rowId={(row) => row.at.toISOString()}
          rows={first.filter((_, index) => series.some((one) => one.points[index]?.value != null)).map((point) => ({ at: point.at, index: first.indexOf(point) }))}
          columns={[
            { id: "at", title: t("activity.time"), heads: true, cell: (row) => shownAt(row.at) },
            ...series.map((one) => ({
              id: one.id,
              title: one.title,
              numeric: true,
              cell: (row: { index: number }): ReactNode => {
                const value = one.points[row.index]?.value ?? null;
                return value === null ? "–" : shown(value);
              },
            })),
          ]}
        />
      ) : (
        <>
          <Lines title={title} series={series} shown={shown} shownAt={shownAt} most={Math.max(most ?? 0, ...values)} />
          {series.length > 1 && (
            <ul className={styles.legend}>
              {series.map((one, index) => (
                <li key={one.id}>
                  <svg width={28} height={12} aria-hidden="true" className={LINES[index % LINES.length]}>
                    <path d="M0 6H28" className={styles.line} />
                    <Mark shape={DOTS[index % DOTS.length] ?? "circle"} x={14} y={6} />
                  </svg>
                  {one.title}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </figure>
  );
}

function Lines({
  title,
  series,
  shown,
  shownAt,
  most,
}: {
  title: string;
  series: readonly Series[];
  shown: (value: number) => string;
  shownAt: (at: Date) => string;
  most: number;
}) {
  const times = series[0]?.points.map((point) => point.at.getTime()) ?? [];
  const x = scaleUtc([Math.min(...times), Math.max(...times)], [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([0, most === 0 ? 1 : most], [HEIGHT - EDGE.bottom, EDGE.top]).nice(4);
  const drawn = pathOf<Point>()
    .defined((point) => point.value !== null)
    .x((point) => x(point.at))
    .y((point) => y(point.value ?? 0));
  const ticks = x.ticks(4);
  return (
    <svg className={styles.plot} viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} role="img" aria-label={title}>
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(tick)} y2={y(tick)} />
          <text className={styles.tick} x={EDGE.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
            {shown(tick)}
          </text>
        </g>
      ))}
      {ticks.map((tick, index) => (
        <text
          key={tick.getTime()}
          className={styles.tick}
          x={x(tick)}
          y={HEIGHT - 8}
          textAnchor={index === ticks.length - 1 && x(tick) > WIDTH - 60 ? "end" : "middle"}
        >
          {shownAt(tick)}
        </text>
      ))}
      {series.map((one, index) => (
        <g key={one.id} className={LINES[index % LINES.length]}>
          <path className={styles.line} d={drawn([...one.points]) ?? ""} />
          {one.points.map((point) =>
            point.value === null ? null : (
              <g key={point.at.getTime()}>
                <title>{`${one.title}, ${shownAt(point.at)}: ${shown(point.value)}`}</title>
                <Mark shape={DOTS[index % DOTS.length] ?? "circle"} x={x(point.at)} y={y(point.value)} />
              </g>
            ),
          )}
        </g>
      ))}
    </svg>
  );
}

function Mark({ shape, x, y }: { shape: (typeof DOTS)[number]; x: number; y: number }) {
  if (shape === "circle") return <circle className={styles.mark} cx={x} cy={y} r={3.5} />;
  const d = shape === "square" ? `M${String(x - 3.5)} ${String(y - 3.5)}h7v7h-7z` : `M${String(x)} ${String(y - 4.5)}l4.5 8h-9z`;
  return <path className={names(styles.mark)} d={d} />;
}
