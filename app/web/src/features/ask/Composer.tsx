import { memo, useEffect, useState, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { useScope } from "@/app/scope";
import { Button } from "@/components/Button";
import { TextArea } from "@/components/Field";
import { ask, prepare, stop } from "./store";
import styles from "./Composer.module.css";

export const LONGEST = 4000;
const PAUSE_MS = 50;

/** Where a question is typed or pasted. Ctrl+Enter (or ⌘+Enter) asks, Escape stops. */
export const Composer = memo(function Composer({
  busy,
  followUp,
  assistant,
  starter,
  ref,
}: {
  busy: boolean;
  followUp: boolean;
  /** The id of the assistant that answers; "" for none. */
  assistant: string;
  /** The question to begin with, where one was chosen. */
  starter: string;
  ref: Ref<HTMLTextAreaElement>;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const question = text.trim();
  const tooLong = question.length > LONGEST;
  const scope = useScope();
  const typing = question !== "";
  const [begun, setBegun] = useState("");
  if (starter !== "" && starter !== begun) {
    setBegun(starter);
    if (text === "") setText(starter);
  }
  useEffect(() => {
    if (!typing || busy) return;
    const timer = setTimeout(prepare, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typing, busy, scope]);
  const send = () => {
    if (busy || question === "" || tooLong) return;
    setText("");
    void ask(question, assistant);
  };
  return (
    <form
      className={`${styles.composer ?? ""} no-print`}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextArea
        ref={ref}
        label={followUp ? t("ask.followUp") : t("ask.question")}
        value={text}
        onChange={setText}
        rows={2}
        placeholder={t("ask.placeholder")}
        {...(tooLong ? { error: t("ask.tooLong", { count: question.length, most: LONGEST }) } : {})}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            send();
          }
          if (event.key === "Escape" && busy) stop();
        }}
      />
      <div className={styles.actions}>
        <span className={styles.hint}>{t("ask.sendHint")}</span>
        {busy ? (
          <Button icon="stop" onPress={stop}>
            {t("ask.stop")}
          </Button>
        ) : (
          <Button kind="primary" type="submit" icon="ask" isDisabled={question === "" || tooLong}>
            {t("ask.send")}
          </Button>
        )}
      </div>
    </form>
  );
});
