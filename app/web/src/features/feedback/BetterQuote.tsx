import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { scopeQuery, type Scope } from "@/app/scope";
import { useSelection, type SourceSelection } from "@/app/selection";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Checkbox, Select } from "@/components/Field";
import { Loading } from "@/components/Loading";
import { SourceText } from "@/components/SourceText";
import { names } from "@/components/names";
import { isVerbatim, quoteOf, sentencesOf, spanAround, touches } from "./quote";
import { textOf } from "./queries";
import styles from "./feedback.module.css";

/** Takes a better quote: what is selected in a source beside this, or sentences that stand around the quote. */
export function BetterQuote({
  quotes,
  scope,
  pending,
  onGive,
}: {
  quotes: readonly Schema<"QuoteView">[];
  scope: Scope;
  pending: boolean;
  onGive: (quote: SourceSelection) => void;
}) {
  const { t } = useTranslation();
  const selected = useSelection();
  const [which, setWhich] = useState("0");
  const quote = quotes[Number(which)];
  return (
    <div className={styles.form}>
      {selected !== null && (
        <Banner>
          <p>{t("feedback.selected")}</p>
          <blockquote className={styles.quote}>
            <SourceText text={selected.text} />
          </blockquote>
          <Button
            kind="primary"
            isPending={pending}
            onPress={() => {
              onGive(selected);
            }}
          >
            {t("feedback.sendSelected")}
          </Button>
        </Banner>
      )}
      {quotes.length > 1 && (
        <Select
          label={t("feedback.source")}
          value={which}
          onChange={setWhich}
          options={quotes.map((one, index) => ({ id: String(index), label: `${String(index + 1)}. ${one.title}` }))}
        />
      )}
      {quote && <Sentences key={which} quote={quote} scope={scope} pending={pending} onGive={onGive} />}
    </div>
  );
}

/** Brings what is quoted now into sight, within its list alone. */
function show(element: HTMLElement | null): void {
  const list = element?.parentElement;
  if (element && list) list.scrollTop = element.offsetTop - list.offsetTop - list.clientHeight / 3;
}

function Sentences({
  quote,
  scope,
  pending,
  onGive,
}: {
  quote: Schema<"QuoteView">;
  scope: Scope;
  pending: boolean;
  onGive: (quote: SourceSelection) => void;
}) {
  const { t, i18n } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const { data, error, refetch } = useQuery(textOf(quote.version_id, spanAround(quote), scopeQuery(scope)));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if (!isVerbatim(data)) return <Banner tone="warn">{t("feedback.redacted")}</Banner>;
  const sentences = sentencesOf(data.text, i18n.language);
  const taken = quoteOf(data, sentences, chosen);
  return (
    <>
      <fieldset className={styles.sentences}>
        <legend>{t("feedback.choose")}</legend>
        <div className={styles.scroll}>
          {sentences.map((one, index) => {
            const quoted = touches(data, one, quote);
            return (
              <div key={one.from} ref={quoted ? show : null} className={names(styles.sentence, quoted && styles.quoted)}>
                <Checkbox
                  label={
                    <>
                      <SourceText text={one.text} />
                      {quoted && <span className={styles.note}> {t("feedback.quotedNow")}</span>}
                    </>
                  }
                  checked={chosen.has(index)}
                  onChange={(on) => {
                    const next = new Set(chosen);
                    if (on) next.add(index);
                    else next.delete(index);
                    setChosen(next);
                  }}
                />
              </div>
            );
          })}
        </div>
      </fieldset>
      {taken && (
        <div role="status">
          <p className={styles.note}>{t("feedback.taken")}</p>
          <blockquote className={styles.quote}>
            <SourceText text={taken.text} />
          </blockquote>
        </div>
      )}
      <div>
        <Button
          kind="primary"
          isDisabled={taken === null}
          isPending={pending}
          onPress={() => {
            if (taken !== null) onGive(taken);
          }}
        >
          {t("feedback.sendBetter")}
        </Button>
      </div>
    </>
  );
}
