import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLit } from "@/app/lit";
import { useScope } from "@/app/scope";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Link } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { names } from "@/components/names";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Tabs } from "@/components/Tabs";
import { ClausesPanel } from "./ClausesPanel";
import { AskAbout, Notices, Source } from "./Frame";
import { litIn } from "./places";
import { matterOf, type Deadline, type Matter } from "./queries";
import { SortableTable } from "./SortableTable";
import { Timeline } from "./Timeline";
import styles from "./records.module.css";

const FEW = 40;

/** A matter: documents and parties, what happened when, what is due, and clauses side by side. */
export default function MatterPage() {
  const { t } = useTranslation();
  const { subject = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(matterOf(subject, useScope()));
  return (
    <Page
      title={t("records.matterOf", { subject })}
      lead={t("records.matterLead")}
      actions={<AskAbout subject={subject} other="charts" />}
      wide
    >
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label={t("records.readingMatter")} />}
      {data && <Content matter={data} />}
    </Page>
  );
}

function Content({ matter }: { matter: Matter }) {
  const { t } = useTranslation();
  if (matter.documents.length === 0)
    return (
      <>
        <Notices view={matter} />
        <EmptyState title={t("records.emptyMatter")}>{t("records.emptyMatterHelp")}</EmptyState>
      </>
    );
  const counted = (name: string, count: number) => `${t(`records.${name}`)} (${String(count)})`;
  return (
    <>
      <Notices view={matter} />
      <Tabs
        label={t("records.parts")}
        items={[
          { id: "documents", title: counted("documents", matter.documents.length), content: <Documents matter={matter} /> },
          { id: "chronology", title: counted("chronology", matter.events.length), content: <Chronology matter={matter} /> },
          { id: "deadlines", title: counted("deadlines", matter.deadlines.length), content: <Deadlines matter={matter} /> },
          { id: "clauses", title: t("records.clauses"), content: <ClausesPanel matter={matter} /> },
        ]}
      />
    </>
  );
}

function Documents({ matter }: { matter: Matter }) {
  const { t } = useTranslation();
  return (
    <>
      <Panel title={t("records.documents")}>
        <SortableTable
          caption={t("records.documents")}
          rows={matter.documents}
          rowId={(one) => one.version_id}
          columns={[
            {
              id: "title",
              title: t("records.name"),
              heads: true,
              key: (one) => one.title,
              cell: (one) => (
                <Link to={`/sources/${encodeURIComponent(one.version_id)}`} search={{ subject: matter.subject }}>
                  <SourceText text={one.title} />
                </Link>
              ),
            },
            { id: "kind", title: t("records.kind"), key: (one) => one.kind, cell: (one) => t(`records.kinds.${one.kind}`) },
            {
              id: "force",
              title: t("records.force"),
              key: (one) => one.in_force.from ?? "",
              cell: (one) => t("records.between", { from: one.in_force.from ?? "…", to: one.in_force.to ?? "…" }),
            },
            { id: "versions", title: t("records.versions"), numeric: true, key: (one) => one.versions.length, cell: (one) => one.versions.length },
          ]}
        />
      </Panel>
      <Panel title={t("records.parties")}>
        {matter.parties.length === 0 ? (
          <p className={styles.muted}>{t("records.noParties")}</p>
        ) : (
          <SortableTable
            caption={t("records.parties")}
            rows={matter.parties}
            rowId={(_, index) => String(index)}
            place={(one) => one.quote.place}
            columns={[
              { id: "name", title: t("records.name"), heads: true, key: (one) => one.name, cell: (one) => <SourceText text={one.name} /> },
              { id: "role", title: t("records.role"), key: (one) => one.role, cell: (one) => <SourceText text={one.role || "–"} /> },
              {
                id: "source",
                title: t("records.source"),
                cell: (one) => <Source place={one.quote.place} subject={matter.subject} name={one.name} />,
              },
            ]}
          />
        )}
      </Panel>
    </>
  );
}

function Chronology({ matter }: { matter: Matter }) {
  const { t } = useTranslation();
  const lit = useLit();
  const [most, setMost] = useState(FEW);
  if (matter.events.length === 0) return <EmptyState title={t("records.noEvents")}>{t("records.noEventsHelp")}</EmptyState>;
  const isLit = (one: Matter["events"][number]) => litIn(one.quote.place, lit).length > 0;
  const shown = matter.events.filter((one, index) => index < most || isLit(one));
  return (
    <>
      <Panel title={t("records.timeline")}>
        <Timeline events={matter.events} subject={matter.subject} />
      </Panel>
      <Panel title={t("records.chronology")}>
        <ol className={styles.events}>
          {shown.map((one, index) => (
            <li key={index} className={names(isLit(one) && styles.lit)}>
              {one.date ? <time dateTime={one.date}>{one.date}</time> : <span className={styles.day}>{one.written}</span>}
              <blockquote className={styles.quote}>
                <SourceText text={one.quote.text} />
                <Source place={one.quote.place} subject={matter.subject} name={one.written} />
              </blockquote>
            </li>
          ))}
        </ol>
        {shown.length < matter.events.length && (
          <div className={styles.more}>
            <span className={styles.muted}>{t("records.rowsOf", { shown: shown.length, all: matter.events.length })}</span>
            <Button
              size="small"
              onPress={() => {
                setMost(most + 100);
              }}
            >
              {t("records.moreRows", { count: Math.min(100, matter.events.length - shown.length) })}
            </Button>
          </div>
        )}
      </Panel>
    </>
  );
}

function Deadlines({ matter }: { matter: Matter }) {
  const { t } = useTranslation();
  if (matter.deadlines.length === 0)
    return <EmptyState title={t("records.noDeadlines")}>{t("records.noDeadlinesHelp")}</EmptyState>;
  return (
    <Panel title={t("records.deadlines")}>
      <p className={styles.muted}>{t("records.deadlinesHelp")}</p>
      <SortableTable
        caption={t("records.deadlines")}
        rows={matter.deadlines}
        rowId={(_, index) => String(index)}
        place={(one) => one.quote.place}
        columns={[
          { id: "due", title: t("records.due"), heads: true, key: (one) => one.due ?? "", cell: (one) => <Due deadline={one} subject={matter.subject} /> },
          { id: "rule", title: t("records.rule"), key: (one) => one.rule, cell: (one) => <SourceText text={one.rule} /> },
          { id: "quote", title: t("records.words"), cell: (one) => <SourceText text={one.quote.text} /> },
          {
            id: "source",
            title: t("records.source"),
            cell: (one) => <Source place={one.quote.place} subject={matter.subject} name={one.rule} />,
          },
        ]}
      />
    </Panel>
  );
}

function Due({ deadline, subject }: { deadline: Deadline; subject: string }) {
  const { t } = useTranslation();
  if (!deadline.due) return <Badge>{t(`records.notComputed.${deadline.not_computed || "hidden"}`)}</Badge>;
  return (
    <span className={styles.quote}>
      <time dateTime={deadline.due} className={styles.day}>
        {deadline.due}
      </time>
      <span className={styles.muted}>{t(deadline.stated ? "records.stated" : "records.computed")}</span>
      {deadline.base_quote && (
        <Source place={deadline.base_quote.place} subject={subject} name={t("records.baseOf", { words: deadline.base_quote.text })} />
      )}
    </span>
  );
}
