import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useScope } from "@/app/scope";
import { useSubjectName } from "@/app/subjects";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Link } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { names } from "@/components/names";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { AskAbout, Notices, Quoted, Source } from "./Frame";
import { chartOf, type Chart, type ChartItem } from "./queries";
import { SeriesPanel } from "./SeriesPanel";
import { SortableTable } from "./SortableTable";
import { useUnread } from "./texts";
import styles from "./records.module.css";

const LISTS = ["problems", "medications", "allergies", "encounters", "immunizations", "procedures", "reports"] as const;
type ListName = (typeof LISTS)[number];
const SUMMED = ["problems", "allergies", "medications"] as const;
const FEW = 6;
const OVER = /resolved|inactive|remission|stopped|completed|cancelled|entered-in-error|refuted/;

/** A patient's chart: what matters now, each list, and any value over time. */
export default function ChartPage() {
  const { t } = useTranslation();
  const { subject = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(chartOf(subject, useScope()));
  const name = useSubjectName(subject);
  return (
    <Page
      title={t("records.chartOf", { subject: name })}
      lead={
        <>
          {name !== subject && (
            <>
              <SourceText text={subject} />
              {" · "}
            </>
          )}
          {t("records.chartLead")}
        </>
      }
      actions={<AskAbout subject={subject} other="matters" />}
      wide
    >
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label={t("records.readingChart")} />}
      {data && <Content chart={data} />}
    </Page>
  );
}

function Content({ chart }: { chart: Chart }) {
  const { t } = useTranslation();
  const anything = chart.series.length > 0 || LISTS.some((name) => chart[name].length > 0);
  const elsewhere = Object.entries(chart.elsewhere).map(([kind, count]) => `${kind}: ${String(count)}`);
  return (
    <>
      <Notices view={chart} />
      {anything ? (
        <div className={styles.summary}>
          {SUMMED.map((name) => (
            <Summary key={name} name={name} items={chart[name]} />
          ))}
        </div>
      ) : (
        <EmptyState title={t("records.emptyChart")}>{t("records.emptyChartHelp")}</EmptyState>
      )}
      <SeriesPanel series={chart.series} subject={chart.subject} />
      {LISTS.map((name) => (
        <Items key={name} name={name} items={chart[name]} subject={chart.subject} />
      ))}
      <Panel title={t("records.documents")}>
        <ul className={styles.names}>
          {chart.documents.map((one) => (
            <li key={one.version_id}>
              <Link to={`/sources/${encodeURIComponent(one.version_id)}`} search={{ subject: chart.subject }}>
                <SourceText text={one.title} />
              </Link>
            </li>
          ))}
        </ul>
        {elsewhere.length > 0 && (
          <p className={styles.muted}>
            {t("records.elsewhere")} <SourceText text={elsewhere.join(", ")} />
          </p>
        )}
      </Panel>
    </>
  );
}

/** The newest of a list that are not over, by name. What is over is said in the list below, not here. */
function Summary({ name, items }: { name: ListName; items: readonly ChartItem[] }) {
  const { t } = useTranslation();
  const current = items.filter((one) => !OVER.test(one.status) && one.unread.every((reason) => reason !== "withdrawn"));
  return (
    <Panel title={t(`records.summary.${name}`, { count: current.length })}>
      {current.length === 0 ? (
        <p className={styles.muted}>{t("records.noneRecorded")}</p>
      ) : (
        <ul>
          {current.slice(0, FEW).map((one, index) => (
            <li key={index}>
              <SourceText text={one.name || "–"} /> <span className={names(styles.muted, styles.when)}>{one.date}</span> <Quoted place={one.place} />
            </li>
          ))}
        </ul>
      )}
      {current.length > FEW && <p className={styles.muted}>{t("records.andMore", { count: current.length - FEW })}</p>}
    </Panel>
  );
}

function Items({ name, items, subject }: { name: ListName; items: readonly ChartItem[]; subject: string }) {
  const { t } = useTranslation();
  const unread = useUnread();
  if (items.length === 0) return null;
  return (
    <Panel title={`${t(`records.lists.${name}`)} (${String(items.length)})`}>
      <SortableTable
        caption={t(`records.lists.${name}`)}
        rows={items}
        rowId={(one, index) => `${one.place.version_id} ${String(one.place.start)} ${String(index)}`}
        place={(one) => one.place}
        columns={[
          {
            id: "name",
            title: t("records.name"),
            heads: true,
            key: (one) => one.name,
            cell: (one) => <SourceText text={one.name || "–"} />,
          },
          { id: "status", title: t("records.status"), key: (one) => one.status, cell: (one) => <SourceText text={one.status || "–"} /> },
          {
            id: "date",
            title: t("records.date"),
            key: (one) => one.date,
            cell: (one) => (
              <span className={styles.when}>
                <SourceText text={[one.date, one.end].filter(Boolean).join(" – ") || "–"} />
              </span>
            ),
          },
          {
            id: "detail",
            title: t("records.details"),
            cell: (one) => (
              <>
                <SourceText text={one.detail} /> <span className={styles.muted}>{unread(one.unread)}</span>
              </>
            ),
          },
          {
            id: "source",
            title: t("records.source"),
            cell: (one) => <Source place={one.place} subject={subject} name={`${one.name} ${one.date}`} />,
          },
        ]}
      />
    </Panel>
  );
}
