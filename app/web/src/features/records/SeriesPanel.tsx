import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLit } from "@/app/lit";
import { Badge } from "@/components/Badge";
import { Select } from "@/components/Field";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Source } from "./Frame";
import { litIn } from "./places";
import { Plot } from "./Plot";
import type { Point, Series } from "./queries";
import { first, standing } from "./series";
import { SortableTable } from "./SortableTable";
import { useGroup, useUnread } from "./texts";
import styles from "./records.module.css";

/** One laboratory value or vital sign over time, as a plot and as a table. The last answer's quotes choose the first. */
export function SeriesPanel({ series, subject }: { series: readonly Series[]; subject: string }) {
  const { t } = useTranslation();
  const lit = useLit();
  const group = useGroup();
  const [chosen, setChosen] = useState("");
  const quoted = series.find((one) => one.points.some((point) => litIn(point.place, lit).length > 0));
  const shown = series.find((one) => one.id === chosen) ?? quoted ?? first(series);
  if (!shown) return null;
  const label = (one: Series) => (one.unit === "" ? one.name : `${one.name} (${one.unit})`);
  return (
    <Panel title={t("records.series")}>
      <div className={styles.choice}>
        <Select
          label={t("records.chooseSeries", { count: series.length })}
          value={shown.id}
          onChange={setChosen}
          options={series.map((one) => ({
            id: one.id,
            label: label(one),
            note: `${group(one.group)} · ${t("records.values", { count: one.points.length })}`,
          }))}
        />
      </div>
      <h3>
        <SourceText text={label(shown)} />{" "}
        {shown.code && (
          <span className={styles.muted}>
            <SourceText text={shown.code.code} />
          </span>
        )}
      </h3>
      <Plot key={shown.id} series={shown} subject={subject} />
      <Points key={`${shown.id}-table`} series={shown} subject={subject} />
    </Panel>
  );
}

function Points({ series, subject }: { series: Series; subject: string }) {
  const { t } = useTranslation();
  const unread = useUnread();
  const rows = [...series.points].reverse();
  const range = (one: Point) =>
    one.low !== null || one.high !== null ? `${String(one.low ?? "…")}–${String(one.high ?? "…")}` : one.range;
  const notes = (one: Point) => {
    const where = standing(one);
    return (
      <>
        {(where === "low" || where === "high") && <Badge tone="bad">{t(`records.standing.${where}`)}</Badge>}{" "}
        {one.interpretation !== "" && <SourceText text={one.interpretation} />} {unread(one.unread)}
      </>
    );
  };
  return (
    <SortableTable
      caption={t("records.tableOf", { name: series.name })}
      rows={rows}
      rowId={(one, index) => `${one.place.version_id} ${String(one.place.start)} ${String(index)}`}
      place={(one) => one.place}
      columns={[
        {
          id: "date",
          title: t("records.date"),
          heads: true,
          key: (one) => `${one.date} ${one.time}`.trim(),
          cell: (one) => (
            <span className={styles.when}>
              <SourceText text={`${one.date} ${one.time}`.trim() || "–"} />
            </span>
          ),
        },
        {
          id: "value",
          title: series.unit === "" ? t("records.value") : t("records.valueIn", { unit: series.unit }),
          numeric: true,
          key: (one) => one.number ?? one.value,
          cell: (one) => <SourceText text={`${one.comparator} ${one.value}`.trim() || "–"} />,
        },
        { id: "range", title: t("records.range"), cell: (one) => <SourceText text={range(one) || "–"} /> },
        { id: "notes", title: t("records.notes"), cell: notes },
        {
          id: "source",
          title: t("records.source"),
          cell: (one) => <Source place={one.place} subject={subject} name={`${series.name} ${one.date}`} />,
        },
      ]}
    />
  );
}
