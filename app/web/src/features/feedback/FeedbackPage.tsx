import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useMe } from "@/api/queries";
import { shownDate } from "@/app/language";
import { Badge, type Tone } from "@/components/Badge";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Export } from "./Export";
import { Mine } from "./Mine";
import { mayExport, mayGive, mayLook, queue } from "./queries";
import { Review } from "./Review";
import styles from "./feedback.module.css";

const TONES: Record<Schema<"ReviewLineView">["verdict"], Tone> = { right: "good", wrong: "bad", better_quote: "info" };

export default function FeedbackPage() {
  const { t } = useTranslation();
  const who = useMe();
  if (who === undefined) return <Loading />;
  return (
    <Page title={t("feedback.title")} lead={t("feedback.lead")} wide>
      {mayLook(who.roles) && <Queue />}
      {mayExport(who.roles) && <Export />}
      {mayGive(who.roles) && <Mine />}
    </Page>
  );
}

function Queue() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(queue);
  const [chosen, setChosen] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const mine = data.feedback.filter((one) => one.may_decide);
  const others = data.feedback.filter((one) => !one.may_decide);
  const current = mine.find((one) => one.id === chosen) ?? mine[0];
  return (
    <section aria-labelledby="queue" className={styles.section}>
      <h2 id="queue" ref={heading} tabIndex={-1}>{t("feedback.queue")}</h2>
      {data.feedback.length === 0 && <EmptyState title={t("feedback.nothing")}>{t("feedback.nothingHelp")}</EmptyState>}
      {current && (
        <div className={styles.columns}>
          <ul className={styles.lines} aria-label={t("feedback.queue")}>
            {mine.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className={styles.line}
                  aria-current={one.id === current.id}
                  onClick={() => {
                    setChosen(one.id);
                  }}
                >
                  <span className={styles.bar}>
                    <VerdictOf verdict={one.verdict} />
                    <span className={styles.note}>{shownDate(one.at, { dateStyle: "medium", timeStyle: "short" })}</span>
                  </span>
                  <span>{one.claim === null ? t("feedback.wholeAnswer") : t("feedback.claimNumber", { number: one.claim + 1 })}</span>
                </button>
              </li>
            ))}
          </ul>
          <Review key={current.id} feedbackId={current.id} onDecided={() => heading.current?.focus()} />
        </div>
      )}
      {others.length > 0 && <Others rows={others} />}
      {data.counts !== null && data.counts.length > 0 && <Counts rows={data.counts} />}
    </section>
  );
}

/** What somebody may know of without reading it. */
function Others({ rows }: { rows: readonly Schema<"ReviewLineView">[] }) {
  const { t } = useTranslation();
  return (
    <Panel level={3} title={t("feedback.others")}>
      <p className={styles.note}>{t("feedback.othersHelp")}</p>
      <Table
        caption={t("feedback.others")}
        captionHidden
        rows={rows}
        rowId={(one) => one.id}
        columns={[
          { id: "id", title: t("feedback.id"), heads: true, cell: (one) => <code>{one.id}</code> },
          { id: "verdict", title: t("feedback.verdict"), cell: (one) => <VerdictOf verdict={one.verdict} /> },
          { id: "answer", title: t("feedback.answerId"), cell: (one) => <code>{one.answer_id}</code> },
          { id: "at", title: t("feedback.at"), cell: (one) => shownDate(one.at, { dateStyle: "medium", timeStyle: "short" }) },
        ]}
      />
    </Panel>
  );
}

function Counts({ rows }: { rows: readonly Schema<"ReviewCountView">[] }) {
  const { t } = useTranslation();
  return (
    <Panel level={3} title={t("feedback.counts")}>
      <Table
        caption={t("feedback.counts")}
        captionHidden
        rows={rows}
        rowId={(one) => `${one.verdict} ${one.decision}`}
        columns={[
          { id: "verdict", title: t("feedback.verdict"), heads: true, cell: (one) => <VerdictOf verdict={one.verdict} /> },
          { id: "decision", title: t("feedback.decision"), cell: (one) => t(`feedback.decisions.${one.decision}`) },
          { id: "count", title: t("feedback.count"), numeric: true, cell: (one) => one.count },
        ]}
      />
    </Panel>
  );
}

export function VerdictOf({ verdict }: { verdict: Schema<"ReviewLineView">["verdict"] }) {
  const { t } = useTranslation();
  return (
    <Badge tone={TONES[verdict]} icon={verdict === "right" ? "good" : verdict === "wrong" ? "bad" : "document"}>
      {t(`feedback.verdicts.${verdict}`)}
    </Badge>
  );
}
