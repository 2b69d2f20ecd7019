import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { shownDate } from "@/app/language";
import { changeScope, useScope, type Scope } from "@/app/scope";
import { Badge } from "@/components/Badge";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { SourceText } from "@/components/SourceText";
import { AnswerActions } from "./AnswerActions";
import { ClaimItem } from "./ClaimItem";
import { PolicyList } from "./PolicyList";
import { inWords } from "./policies";
import { numbered } from "./quotes";
import { ask, retry, type Turn } from "./store";
import styles from "./Turn.module.css";

/** A question with its scope, and the answer as it comes: claim by claim, then what acted, or why there is none. */
export const TurnView = memo(function TurnView({
  turn,
  busy,
  onBreakGlass,
}: {
  turn: Turn;
  busy: boolean;
  onBreakGlass: (turn: Turn) => void;
}) {
  const { t } = useTranslation();
  const quotes = useMemo(() => numbered(turn.claims), [turn.claims]);
  const glass = turn.answer?.policies.find((one) => one.policy === "break-glass");
  const until = glass ? String(inWords(glass).values.until ?? "") : "";
  return (
    <article className={styles.turn} aria-labelledby={`turn-${String(turn.id)}`} aria-busy={turn.status === "streaming"}>
      <header className={styles.head}>
        <h2 id={`turn-${String(turn.id)}`} tabIndex={-1}>
          <SourceText text={turn.question} />
        </h2>
        <ScopeLine turn={turn} />
      </header>
      {glass && (
        <Banner tone="warn" icon="glass">
          <strong>{t("ask.glass.banner")}</strong>
          <span>{t("ask.glass.bannerText", { until: shownDate(until, { dateStyle: "medium", timeStyle: "short" }) })}</span>
        </Banner>
      )}
      {turn.claims.length > 0 && (
        <ol className={styles.claims}>
          {turn.claims.map((claim, index) => (
            <ClaimItem key={index} turn={turn} index={index} claim={claim} quotes={quotes[index] ?? []} />
          ))}
        </ol>
      )}
      {turn.status === "streaming" && (
        <p className={styles.working}>
          <span className={styles.dots} aria-hidden="true" />
          {turn.claims.length === 0 ? t("ask.searching") : t("ask.checking")}
        </p>
      )}
      {turn.status === "stopped" && (
        <Banner tone="warn">
          <span>{t("ask.stopped")}</span>
          <RetryButton turn={turn} busy={busy} />
        </Banner>
      )}
      {turn.status === "failed" && <Failure turn={turn} busy={busy} onBreakGlass={onBreakGlass} />}
      {turn.answer?.refusal && <RefusalView turn={turn} busy={busy} />}
      {turn.answer && (
        <>
          <PolicyList answer={turn.answer} />
          <AnswerActions turn={turn} busy={busy} />
          <p className={styles.notice}>{t("ask.notice")}</p>
        </>
      )}
    </article>
  );
});

function ScopeLine({ turn }: { turn: Turn }) {
  const { t } = useTranslation();
  const { subject, collections, asOf, purpose } = turn.scope;
  return (
    <p className={styles.scope}>
      <Badge icon="person">{subject === "" ? t("ask.scope.nobody") : <SourceText text={subject} />}</Badge>
      {collections.map((one) => (
        <Badge key={one} icon="document">
          <SourceText text={one} />
        </Badge>
      ))}
      {(asOf !== "" || turn.answer) && (
        <Badge icon="calendar">{t("ask.asOf", { date: shownDate(turn.answer?.as_of ?? asOf) })}</Badge>
      )}
      {purpose !== "" && <Badge icon="info">{t(`ask.purposes.${purpose}`)}</Badge>}
    </p>
  );
}

function RetryButton({ turn, busy }: { turn: Turn; busy: boolean }) {
  const { t } = useTranslation();
  return (
    <div>
      <Button icon="retry" size="small" isDisabled={busy} onPress={() => void retry(turn.id)}>
        {t("common.retry")}
      </Button>
    </div>
  );
}

function Failure({ turn, busy, onBreakGlass }: { turn: Turn; busy: boolean; onBreakGlass: (turn: Turn) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const mayOpen =
    turn.error?.code === "access.denied" && turn.scope.subject !== "" && (me?.roles.includes("professional") ?? false);
  return (
    <ErrorState
      error={turn.error}
      {...(busy ? {} : { onRetry: () => void retry(turn.id) })}
      {...(mayOpen
        ? {
            action: (
              <Button
                kind="danger"
                icon="glass"
                onPress={() => {
                  onBreakGlass(turn);
                }}
              >
                {t("ask.glass.open")}
              </Button>
            ),
          }
        : {})}
    />
  );
}

const KNOWN = ["no_evidence", "not_answered", "unsupported"];

/** Why there is no answer, and what would help: each help that the scope allows is a button that does it. */
function RefusalView({ turn, busy }: { turn: Turn; busy: boolean }) {
  const { t } = useTranslation();
  const scope = useScope();
  const refusal = turn.answer?.refusal;
  if (!refusal) return null;
  const kind = refusal.code.replace("refusal.", "");
  const again = (change: Partial<Scope>) => () => {
    changeScope(change);
    void ask(turn.question);
  };
  return (
    <section className={styles.refusal} aria-label={t("ask.refusal.title")}>
      <h3>{t("ask.refusal.title")}</h3>
      <p>{KNOWN.includes(kind) ? t(`ask.refusal.${kind}`) : <SourceText text={refusal.reason} />}</p>
      <h4>{t("ask.refusal.helps")}</h4>
      <ul>
        {scope.subject === "" && <li>{t("ask.refusal.chooseSubject")}</li>}
        <li>{t("ask.refusal.oneThing")}</li>
        <li>{t("ask.refusal.words")}</li>
        {turn.scope.collections.length > 0 && (
          <li>
            <Button size="small" isDisabled={busy} onPress={again({ collections: [] })}>
              {t("ask.refusal.allCollections")}
            </Button>
          </li>
        )}
        {turn.scope.asOf !== "" && (
          <li>
            <Button size="small" isDisabled={busy} onPress={again({ asOf: "" })}>
              {t("ask.refusal.today")}
            </Button>
          </li>
        )}
      </ul>
      <details>
        <summary>{t("ask.refusal.searched")}</summary>
        <p>
          <SourceText text={refusal.reason} />
        </p>
        <p className={styles.code}>
          <code>{refusal.code}</code>
        </p>
      </details>
    </section>
  );
}
