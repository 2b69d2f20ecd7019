import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { streamed, type Schema } from "@/api/client";
import { isAbort } from "@/api/problem";
import { useMe } from "@/api/queries";
import { scopeBody } from "@/app/scope";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { TextArea } from "@/components/Field";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { VerdictBadge } from "@/components/VerdictBadge";
import { FeedbackOnClaim } from "@/features/feedback/FeedbackOnClaim";
import { mayAsk } from "./queries";
import styles from "./assistants.module.css";

/** Asks the newest version as oneself, before anybody else can. */
export function Trial({ assistant }: { assistant: Schema<"AssistantView"> }) {
  const { t } = useTranslation();
  const who = useMe();
  const { ask, stop, claims, answer, error, running } = useTrial(assistant);
  const [question, setQuestion] = useState("");
  return (
    <Panel title={t("assistants.tryIt", { version: assistant.latest.version })}>
      {who && !mayAsk(who.roles) ? (
        <Banner tone="warn">{t("assistants.noRight")}</Banner>
      ) : (
        <form
          className={styles.section}
          onSubmit={(event) => {
            event.preventDefault();
            void ask(question);
          }}
        >
          <TextArea label={t("assistants.question")} hint={t("assistants.tryHint")} value={question} onChange={setQuestion} rows={2} maxLength={4000} />
          {assistant.latest.design.starters && assistant.latest.design.starters.length > 0 && (
            <div className={styles.actions}>
              {assistant.latest.design.starters.map((one) => (
                <Button
                  key={one}
                  size="small"
                  onPress={() => {
                    setQuestion(one);
                  }}
                >
                  <SourceText text={one} />
                </Button>
              ))}
            </div>
          )}
          <div className={styles.actions}>
            <Button type="submit" kind="primary" icon="ask" isDisabled={question.trim() === "" || running}>
              {t("assistants.try")}
            </Button>
            {running && (
              <Button icon="stop" onPress={stop}>
                {t("assistants.stop")}
              </Button>
            )}
          </div>
        </form>
      )}
      {error !== null && <ErrorState error={error} />}
      <div role="log" aria-label={t("assistants.answer")} aria-busy={running}>
        {answer?.refusal && (
          <Banner tone="warn">
            <SourceText text={`${answer.refusal.reason} ${answer.refusal.try}`} />
          </Banner>
        )}
        <ol className={styles.claims}>
          {(answer?.claims ?? claims).map((claim, index) => (
            <li key={`${String(index)} ${claim.text}`}>
              <p>
                <SourceText text={claim.text} />
              </p>
              <VerdictBadge verdict={claim.verdict} />
              {claim.quotes.map((quote) => (
                <blockquote key={`${quote.passage_id} ${String(quote.start)}`} className={styles.quote}>
                  <SourceText text={quote.text} />
                  <footer className={styles.note}>
                    <SourceText text={[quote.title, ...quote.section].join(" › ")} />
                  </footer>
                </blockquote>
              ))}
              {answer && <FeedbackOnClaim answerId={answer.id} claim={index} quotes={claim.quotes} />}
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  );
}

function useTrial(assistant: Schema<"AssistantView">) {
  const [claims, setClaims] = useState<readonly Schema<"ClaimView">[]>([]);
  const [answer, setAnswer] = useState<Schema<"AnswerView"> | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [running, setRunning] = useState(false);
  const current = useRef<AbortController | null>(null);

  async function ask(question: string): Promise<void> {
    if (question.trim() === "") return;
    current.current?.abort();
    const mine = new AbortController();
    current.current = mine;
    setClaims([]);
    setAnswer(null);
    setError(null);
    setRunning(true);
    const body = { ...scopeBody(), question, assistant: assistant.id, assistant_version: assistant.latest.version };
    try {
      for await (const { event, data } of streamed("/v1/answers", body, mine.signal)) {
        if (event === "claim") setClaims((before) => [...before, data as Schema<"ClaimView">]);
        else if (event === "answer") setAnswer(data as Schema<"AnswerView">);
      }
    } catch (thrown) {
      if (!isAbort(thrown)) setError(thrown);
    } finally {
      if (current.current === mine) setRunning(false);
    }
  }

  return {
    ask,
    stop: () => {
      current.current?.abort();
    },
    claims,
    answer,
    error,
    running,
  };
}
