import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { askAnew } from "@/api/queries";
import { shownDate } from "@/app/language";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Select, TextArea } from "@/components/Field";
import { Link } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { toast } from "@/components/toasts";
import { VerdictBadge } from "@/components/VerdictBadge";
import { findingsFor, sourceLink } from "./findings";
import { decide, review } from "./queries";
import { VerdictOf } from "./FeedbackPage";
import styles from "./feedback.module.css";

/** Feedback with what it is on, and the decision. */
export function Review({ feedbackId, onDecided }: { feedbackId: string; onDecided: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(review(feedbackId));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <Panel level={3} title={data.claim === null ? t("feedback.wholeAnswer") : t("feedback.claimNumber", { number: data.claim + 1 })} actions={<VerdictOf verdict={data.verdict} />}>
      <dl className={styles.facts}>
        <dt>{t("feedback.question")}</dt>
        <dd>
          <SourceText text={data.question} />
        </dd>
        {data.comment !== "" && (
          <>
            <dt>{t("feedback.comment")}</dt>
            <dd>
              <SourceText text={data.comment} />
            </dd>
          </>
        )}
        <dt>{t("feedback.givenBy")}</dt>
        <dd>
          <SourceText text={data.given_by} /> · {shownDate(data.at, { dateStyle: "medium", timeStyle: "short" })}
        </dd>
        {data.subjects.length > 0 && (
          <>
            <dt>{t("feedback.subjects")}</dt>
            <dd>
              <SourceText text={data.subjects.join(", ")} />
            </dd>
          </>
        )}
      </dl>
      {data.claims.length === 0 && <Banner>{t("feedback.noClaims")}</Banner>}
      {data.claims.map((claim, index) => (
        <div key={index} className={styles.form}>
          <p>{claim.text === "" ? t("feedback.wordsNotKept") : <SourceText text={claim.text} />}</p>
          <div>
            <VerdictBadge verdict={claim.verdict} />
          </div>
          {claim.quotes.map((quote) => (
            <Quote key={`${quote.passage_id} ${String(quote.start)}`} quote={quote} />
          ))}
        </div>
      ))}
      {data.quote && (
        <div className={styles.form}>
          <h4>{t("feedback.betterQuote")}</h4>
          <Quote quote={data.quote} />
        </div>
      )}
      <Decision feedback={data} onDecided={onDecided} />
    </Panel>
  );
}

function Quote({ quote }: { quote: Schema<"QuoteView"> }) {
  return (
    <blockquote className={styles.quote}>
      <SourceText text={quote.text} />
      <footer className={styles.note}>
        <Link {...sourceLink(quote)}>
          <SourceText text={[quote.title, ...quote.section].join(" › ")} />
        </Link>
      </footer>
    </blockquote>
  );
}

function Decision({ feedback, onDecided }: { feedback: Schema<"ReviewView">; onDecided: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const findings = findingsFor(feedback);
  const [finding, setFinding] = useState<NonNullable<Schema<"DecisionBody">["finding"]>>(feedback.finding);
  const [reason, setReason] = useState("");
  const change = useMutation({
    mutationFn: decide,
    onSuccess: () => askAnew(client, ["feedback"]),
  });

  async function go(decision: "accepted" | "rejected"): Promise<void> {
    const body = { feedbackId: feedback.id, decision, finding: decision === "accepted" ? finding : ("" as const), reason };
    const done = await change.mutateAsync(body).catch(() => null);
    if (done === null) return;
    toast(t(`feedback.decided.${decision}`));
    onDecided();
  }

  return (
    <div className={styles.form}>
      {findings.length > 1 && (
        <Select
          label={t("feedback.finding")}
          hint={t("feedback.findingHint")}
          value={finding}
          onChange={(next) => {
            setFinding(next as NonNullable<Schema<"DecisionBody">["finding"]>);
          }}
          options={findings.map((id) => ({ id, label: t(`feedback.findings.${id}`) }))}
        />
      )}
      <TextArea label={t("feedback.reason")} hint={t("feedback.reasonHint")} value={reason} onChange={setReason} rows={2} maxLength={1000} />
      {change.error && <ErrorState error={change.error} />}
      <div className={styles.actions}>
        <Button kind="primary" icon="good" isPending={change.isPending} onPress={() => void go("accepted")}>
          {t("feedback.accept")}
        </Button>
        <Button icon="bad" isPending={change.isPending} onPress={() => void go("rejected")}>
          {t("feedback.reject")}
        </Button>
      </div>
    </div>
  );
}
