import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { shownDate, shownNumber } from "@/app/language";
import { SourceText } from "@/components/SourceText";
import { Table } from "@/components/Table";
import { LinePlot } from "./LinePlot";
import { line, refusalRate, shownTime, total, verdictRate } from "./rates";
import styles from "./Activity.module.css";

type Statistics = Schema<"StatisticsView">;

const percent = (value: number) => shownNumber(value, { style: "percent", maximumFractionDigits: 1 });
const time = (value: number) => shownTime(value, (number, digits) => shownNumber(number, { maximumFractionDigits: digits }));
const cost = (value: number) => shownNumber(value, { minimumFractionDigits: 2, maximumFractionDigits: 4 });

/** The figures of the whole time. */
export function Figures({ statistics }: { statistics: Statistics }) {
  const { t } = useTranslation();
  const { whole } = statistics;
  const refused = refusalRate(whole);
  const supported = verdictRate(whole, "supported");
  const { p50, p99 } = whole.latency;
  const figures = [
    { id: "asked", label: t("activity.asked"), value: shownNumber(total(whole)) },
    { id: "refused", label: t("activity.refusalRate"), value: refused === null ? "–" : percent(refused) },
    { id: "supported", label: t("activity.supportedRate"), value: supported === null ? "–" : percent(supported) },
    { id: "denied", label: t("activity.denied"), value: shownNumber(whole.statuses["denied"] ?? 0) },
    { id: "median", label: t("activity.median"), value: p50 === null ? "–" : time(p50) },
    { id: "slowest", label: t("activity.slowest"), value: p99 === null ? "–" : time(p99) },
    ...(whole.tokens > 0 ? [{ id: "tokens", label: t("activity.tokens"), value: shownNumber(whole.tokens) }] : []),
    ...(whole.cost === null ? [] : [{ id: "cost", label: t("activity.cost"), value: cost(whole.cost) }]),
  ];
  return (
    <dl className={styles.figures}>
      {figures.map((one) => (
        <div key={one.id} className={styles.tile}>
          <dt>{one.label}</dt>
          <dd>{one.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Rates, times and costs over time. */
export function Plots({ statistics }: { statistics: Statistics }) {
  const { t } = useTranslation();
  const { buckets, bucket, price_per_thousand_tokens: price } = statistics;
  const shownAt = (at: Date) =>
    shownDate(at.toISOString(), {
      timeZone: "UTC",
      month: "short",
      day: "numeric",
      ...(bucket === "hour" ? { hour: "2-digit", minute: "2-digit" } : {}),
    });
  const verdicts = ["supported", "contradicted", "unsupported"] as const;
  return (
    <div className={styles.plots}>
      <LinePlot
        title={t("activity.verdictsOverTime")}
        series={verdicts.map((one) => ({ id: one, title: t(`verdict.${one}`), points: line(buckets, (of) => verdictRate(of, one)) }))}
        shown={percent}
        shownAt={shownAt}
        most={1}
      />
      <LinePlot
        title={t("activity.refusalsOverTime")}
        series={[{ id: "refused", title: t("activity.refusalRate"), points: line(buckets, refusalRate) }]}
        shown={percent}
        shownAt={shownAt}
        most={1}
      />
      <LinePlot
        title={t("activity.latencyOverTime")}
        series={(["p50", "p90", "p99"] as const).map((one) => ({
          id: one,
          title: t(`activity.percentiles.${one}`),
          points: line(buckets, (of) => of.latency[one]),
        }))}
        shown={time}
        shownAt={shownAt}
      />
      <LinePlot
        title={t("activity.countOverTime")}
        series={[{ id: "asked", title: t("activity.asked"), points: line(buckets, total) }]}
        shown={(value) => shownNumber(value)}
        shownAt={shownAt}
      />
      {price !== null && (
        <LinePlot
          title={t("activity.costOverTime")}
          series={[{ id: "cost", title: t("activity.cost"), points: line(buckets, (of) => of.cost) }]}
          shown={cost}
          shownAt={shownAt}
        />
      )}
    </div>
  );
}

/** How many there were of each class, for each purpose, by each drafter, and why some were refused. */
export function Breakdown({ statistics }: { statistics: Statistics }) {
  const { t, i18n } = useTranslation();
  const named = (family: string, name: string) => {
    const key = `activity.${family}.${name.replaceAll(".", "_")}`;
    return i18n.exists(key) ? t(key) : <SourceText text={name} />;
  };
  const parts = [
    { id: "operations", title: t("activity.operation"), counts: statistics.operations },
    { id: "purposes", title: t("activity.purpose"), counts: statistics.purposes },
    { id: "models", title: t("activity.model"), counts: statistics.models },
    { id: "codes", title: t("activity.code"), counts: statistics.codes },
  ].filter((part) => Object.keys(part.counts).length > 0);
  if (parts.length === 0) return <p>{t("activity.nothingMeasured")}</p>;
  return (
    <div className={styles.plots}>
      {parts.map((part) => (
        <Table
          key={part.id}
          caption={part.title}
          rowId={([name]) => name}
          rows={Object.entries(part.counts)}
          columns={[
            { id: "name", title: part.title, heads: true, cell: ([name]) => named(part.id, name) },
            { id: "n", title: t("activity.number"), numeric: true, cell: ([, n]) => shownNumber(n) },
          ]}
        />
      ))}
    </div>
  );
}
