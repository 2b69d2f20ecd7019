import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { askAnew } from "@/api/queries";
import { currentScope, type Scope } from "@/app/scope";
import type { SourceSelection } from "@/app/selection";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { TextArea } from "@/components/Field";
import { toast } from "@/components/toasts";
import { BetterQuote } from "./BetterQuote";
import { betterQuote } from "./quote";
import { give, takeBack } from "./queries";
import styles from "./feedback.module.css";

type Verdict = Schema<"FeedbackBody">["verdict"];

/**
 * Says of a claim (or of a whole answer, without `claim`) that it is right or wrong, in two clicks, or gives a better
 * quote: sentences of the source that it quotes, or what is selected in a source beside it (`src/app/selection.ts`).
 * `scope` is what was asked within, today's unless it is another.
 */
export function FeedbackOnClaim({
  answerId,
  claim = null,
  quotes,
  scope = currentScope(),
}: {
  answerId: string;
  claim?: number | null;
  quotes: readonly Schema<"QuoteView">[];
  scope?: Scope;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [comment, setComment] = useState("");
  const [picking, setPicking] = useState(false);
  const [said, setSaid] = useState<Schema<"FeedbackView"> | null>(null);
  const place = useRef<HTMLParagraphElement>(null);
  // The button that was pressed is gone then, and the focus must stand somewhere.
  useEffect(() => {
    if (said !== null) place.current?.focus();
  }, [said]);
  const after = { onSuccess: () => askAnew(client, ["feedback"]) };
  const giving = useMutation({ mutationFn: give, ...after });
  const taking = useMutation({ mutationFn: takeBack, ...after });

  async function send(verdict: Verdict, quote?: SourceSelection): Promise<void> {
    const body = { answer_id: answerId, claim, verdict, comment: comment.trim(), ...(quote ? { quote: betterQuote(quote) } : {}) };
    const done = await giving.mutateAsync(body).catch(() => null);
    if (done === null) return;
    setSaid(done);
    close();
    toast(t("feedback.thanks"));
  }

  async function back(): Promise<void> {
    if (said === null) return;
    const done = await taking.mutateAsync(said.id).then(
      () => true,
      () => false,
    );
    if (done) setSaid(null);
    else toast(t("feedback.notTakenBack"), "bad");
  }

  function close(): void {
    setOpen(false);
    setPicking(false);
    setComment("");
    giving.reset();
  }

  if (said !== null) {
    return (
      <p className={styles.said} ref={place} tabIndex={-1}>
        <span>{t(`feedback.said.${said.verdict}`)}</span>
        <Button size="small" kind="quiet" isPending={taking.isPending} onPress={() => void back()}>
          {t("feedback.takeBack")}
        </Button>
      </p>
    );
  }
  return (
    <>
      <Button
        size="small"
        kind="quiet"
        icon="feedback"
        className="no-print"
        onPress={() => {
          setOpen(true);
        }}
      >
        {claim === null ? t("feedback.onAnswer") : t("feedback.onClaim")}
      </Button>
      <Dialog title={claim === null ? t("feedback.onAnswer") : t("feedback.onClaim")} open={open} onClose={close} wide={picking}>
        <div className={styles.form}>
          <TextArea label={t("feedback.comment")} hint={t("feedback.commentHint")} value={comment} onChange={setComment} rows={2} maxLength={4000} />
          <p className={styles.note}>{t("feedback.whoReads")}</p>
          <div className={styles.actions}>
            <Button icon="good" isPending={giving.isPending} onPress={() => void send("right")}>
              {t("feedback.right")}
            </Button>
            <Button icon="bad" isPending={giving.isPending} onPress={() => void send("wrong")}>
              {t("feedback.wrong")}
            </Button>
            {quotes.length > 0 && (
              <Button
                icon="document"
                aria-expanded={picking}
                onPress={() => {
                  setPicking(!picking);
                }}
              >
                {t("feedback.better")}
              </Button>
            )}
          </div>
          {picking && <BetterQuote quotes={quotes} scope={scope} pending={giving.isPending} onGive={(quote) => void send("better_quote", quote)} />}
          {giving.error && <ErrorState error={giving.error} />}
        </div>
      </Dialog>
    </>
  );
}
