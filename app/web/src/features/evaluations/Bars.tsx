import { scaleLinear } from "d3-scale";
import { useTranslation } from "react-i18next";
import { shownNumber } from "@/app/language";
import { Table } from "@/components/Table";
import { endOf, type Figure } from "./figures";
import styles from "./Evaluations.module.css";

const WIDTH = 240;
const HEIGHT = 20;

/** A value of a report as people write it; "–" where there is none. */
export function shownFigure(value: number | null, unit: string): string {
  if (value === null) return "–";
  const shown = shownNumber(value, { maximumFractionDigits: unit === "" ? 3 : 1 });
  return unit === "" ? shown : `${shown} ${unit}`;
}

/** Figures as a table whose bars show value and interval on one axis; every number stands beside its bar. */
export function Bars({ caption, figures }: { caption: string; figures: readonly Figure[] }) {
  const { t } = useTranslation();
  const x = scaleLinear([0, endOf(figures)], [0, WIDTH]).clamp(true);
  return (
    <Table
      caption={caption}
      captionHidden
      rows={figures}
      rowId={(one) => one.name}
      columns={[
        { id: "name", title: t("evaluations.figure"), heads: true, cell: (one) => <code>{one.name}</code> },
        { id: "bar", title: t("evaluations.bar"), cell: (one) => <Bar figure={one} x={x} /> },
        { id: "value", title: t("evaluations.value"), numeric: true, cell: (one) => shownFigure(one.value, one.unit) },
        {
          id: "interval",
          title: t("evaluations.interval"),
          numeric: true,
          cell: (one) => (one.low === null || one.high === null ? "–" : `${shownFigure(one.low, "")} – ${shownFigure(one.high, "")}`),
        },
        { id: "count", title: t("evaluations.cases"), numeric: true, cell: (one) => shownNumber(one.count) },
      ]}
    />
  );
}

function Bar({ figure, x }: { figure: Figure; x: (value: number) => number }) {
  const middle = HEIGHT / 2;
  return (
    <svg className={styles.bar} viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} preserveAspectRatio="none" aria-hidden="true">
      <rect className={styles.track} width={WIDTH} height={HEIGHT} rx={2} />
      {figure.value !== null && <rect className={styles.fill} width={x(figure.value)} height={HEIGHT} rx={2} />}
      {figure.low !== null && figure.high !== null && (
        <path
          className={styles.whisker}
          d={`M${String(x(figure.low))} ${String(middle)}H${String(x(figure.high))}M${String(x(figure.low))} 4V16M${String(x(figure.high))} 4V16`}
        />
      )}
    </svg>
  );
}
