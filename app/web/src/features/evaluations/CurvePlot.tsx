import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { shownNumber } from "@/app/language";
import { Button } from "@/components/Button";
import { Table } from "@/components/Table";
import type { Curve } from "./figures";
import styles from "./Evaluations.module.css";

const WIDTH = 360;
const HEIGHT = 260;
const EDGE = { top: 10, right: 14, bottom: 44, left: 52 };
const shown = (value: number) => shownNumber(value, { maximumFractionDigits: 3 });

/** A curve of a report, with its points as a table for those who want to read them. */
export function CurvePlot({ curve }: { curve: Curve }) {
  const { t } = useTranslation();
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const pairs = curve.points.map(([first = 0, second = 0]): [number, number] => [first, second]);
  const xs = pairs.map(([first]) => first);
  const ys = pairs.map(([, second]) => second);
  const x = scaleLinear([Math.min(0, ...xs), Math.max(...xs, curve.diagonal ? 1 : 0)], [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([Math.min(0, ...ys), Math.max(1, ...ys)], [HEIGHT - EDGE.bottom, EDGE.top]);
  const points = pairs.map(([px, py]): [number, number] => [x(px), y(py)]);
  return (
    <figure className={styles.figure} aria-labelledby={id}>
      <figcaption className={styles.caption}>
        <h3 id={id}>{curve.name}</h3>
        <Button size="small" kind="quiet" className="no-print" aria-expanded={asTable} onPress={() => { setAsTable(!asTable); }}>
          {asTable ? t("activity.asPlot") : t("activity.asTable")}
        </Button>
      </figcaption>
      {asTable ? (
        <Table
          caption={curve.name}
          captionHidden
          rows={pairs.map((point, index) => ({ point, index }))}
          rowId={(row) => String(row.index)}
          columns={[
            { id: "x", title: curve.x_label, heads: true, cell: (row) => shown(row.point[0]) },
            { id: "y", title: curve.y_label, numeric: true, cell: (row) => shown(row.point[1]) },
          ]}
        />
      ) : (
        <svg viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} className={styles.plot} role="img" aria-label={`${curve.name}: ${curve.y_label} / ${curve.x_label}`}>
          {y.ticks(5).map((tick) => (
            <g key={tick}>
              <line className={styles.grid} x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(tick)} y2={y(tick)} />
              <text className={styles.tick} x={EDGE.left - 6} y={y(tick)} dy="0.32em" textAnchor="end">{shown(tick)}</text>
            </g>
          ))}
          {x.ticks(5).map((tick) => (
            <text key={tick} className={styles.tick} x={x(tick)} y={HEIGHT - EDGE.bottom + 16} textAnchor="middle">{shown(tick)}</text>
          ))}
          <text className={styles.tick} x={(WIDTH + EDGE.left) / 2} y={HEIGHT - 6} textAnchor="middle">{curve.x_label}</text>
          <text className={styles.tick} transform={`translate(12 ${String((HEIGHT - EDGE.bottom) / 2)}) rotate(-90)`} textAnchor="middle">{curve.y_label}</text>
          {curve.diagonal && <path className={styles.diagonal} d={`M${String(x(0))} ${String(y(0))}L${String(x(1))} ${String(y(1))}`} />}
          <path className={styles.curve} d={line()(points) ?? ""} />
          {points.map(([px, py], index) => (
            <circle key={index} className={styles.point} cx={px} cy={py} r={3} />
          ))}
        </svg>
      )}
    </figure>
  );
}
