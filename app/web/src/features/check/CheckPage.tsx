import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { sent, streamed } from "@/api/client";
import { isAbort } from "@/api/problem";
import { scopeBody, useScope } from "@/app/scope";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { TextArea } from "@/components/Field";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { ScopeFields } from "@/components/ScopeFields";
import { CheckResult } from "./CheckResult";
import type { Check } from "./marks";
import styles from "./Check.module.css";

const LONGEST = 200_000;
const TYPES = ".docx,.pdf,.txt,.md,.html,.htm,.rtf";

interface Running {
  done: number;
  of: number;
}

/** Checks a draft that is pasted or read out of a file, sentence by sentence. */
export default function CheckPage() {
  const { t } = useTranslation();
  const scope = useScope();
  const [draft, setDraft] = useState("");
  const [checked, setChecked] = useState<{ draft: string; check: Check } | null>(null);
  const [running, setRunning] = useState<Running | null>(null);
  const [reading, setReading] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);

  async function check() {
    const aborter = new AbortController();
    stop.current = aborter;
    setError(null);
    setChecked(null);
    setRunning({ done: 0, of: 0 });
    try {
      for await (const { event, data } of streamed("/v1/checks", { ...scopeBody(scope), draft }, aborter.signal)) {
        if (event === "draft") setRunning({ done: 0, of: (data as { sentences: number }).sentences });
        if (event === "sentence") setRunning((now) => (now ? { ...now, done: now.done + 1 } : now));
        if (event === "check") setChecked({ draft, check: data as Check });
      }
    } catch (thrown) {
      if (!isAbort(thrown)) setError(thrown);
    } finally {
      setRunning(null);
    }
  }

  async function read(file: File | undefined) {
    if (!file) return;
    setError(null);
    setReading(true);
    try {
      const form = new FormData();
      form.append("file", file);
      const response = await sent("/v1/readings", { method: "POST", body: form });
      setDraft(((await response.json()) as { text: string }).text);
      setChecked(null);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setReading(false);
    }
  }

  return (
    <Page title={t("check.title")} lead={t("check.lead")} wide>
      {checked === null && (
        <Panel title={t("check.draft")}>
          <ScopeFields />
          <Drop onFile={(file) => void read(file)}>
            <TextArea
              label={t("check.text")}
              hint={t("check.hint")}
              value={draft}
              onChange={setDraft}
              rows={14}
              maxLength={LONGEST}
              disabled={running !== null}
            />
          </Drop>
          <div className={styles.actions}>
            <Button
              kind="primary"
              icon="check"
              isDisabled={draft.trim() === "" || running !== null || reading}
              onPress={() => void check()}
            >
              {t("check.start")}
            </Button>
            <FileButton disabled={running !== null || reading} onFile={(file) => void read(file)} />
            {running && (
              <Button
                icon="stop"
                onPress={() => {
                  stop.current?.abort();
                }}
              >
                {t("check.stop")}
              </Button>
            )}
          </div>
          <div role="status" className={styles.status}>
            {reading && t("check.reading")}
            {running && (
              <>
                <progress max={Math.max(1, running.of)} value={running.done} aria-label={t("check.progress")} />
                <span>{t("check.sentencesDone", { done: running.done, of: running.of })}</span>
              </>
            )}
          </div>
        </Panel>
      )}
      {error !== null && <ErrorState error={error} />}
      {checked && (
        <CheckResult
          draft={checked.draft}
          check={checked.check}
          subject={scope.subject}
          onAgain={() => {
            setChecked(null);
          }}
        />
      )}
    </Page>
  );
}

function FileButton({ onFile, disabled }: { onFile: (file: File | undefined) => void; disabled: boolean }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon="upload" isDisabled={disabled} onPress={() => input.current?.click()}>
        {t("check.file")}
      </Button>
      <input
        ref={input}
        type="file"
        accept={TYPES}
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t("check.file")}
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
    </>
  );
}

function Drop({ onFile, children }: { onFile: (file: File | undefined) => void; children: React.ReactNode }) {
  const [over, setOver] = useState(false);
  return (
    // Dropping is a way besides the button for those with a mouse.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={over ? styles.over : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFile(event.dataTransfer.files[0]);
      }}
    >
      {children}
    </div>
  );
}
