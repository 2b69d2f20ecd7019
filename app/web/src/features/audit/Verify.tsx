import { useEffect, useRef, useState } from "react";
import { ProgressBar, Label } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { streamed } from "@/api/client";
import { isAbort } from "@/api/problem";
import { shownNumber } from "@/app/language";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { percentDone, readEvent, type Progress, type Status } from "./trail";
import styles from "./Audit.module.css";

/** Proves that nothing in the trail was changed, removed, added or moved, and says so plainly. */
export function Verify() {
  const { t } = useTranslation();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [status, setStatus] = useState<Status | null>(null);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function verify() {
    const stop = new AbortController();
    running.current = stop;
    setStatus(null);
    setError(null);
    setProgress({ events: 0, of: 0 });
    try {
      for await (const { event, data } of streamed("/v1/audit/verifications", {}, stop.signal)) {
        const told = readEvent(event, data);
        if (told && "progress" in told) setProgress(told.progress);
        if (told && "status" in told) setStatus(told.status);
      }
    } catch (thrown) {
      if (!isAbort(thrown)) setError(thrown);
    } finally {
      setProgress(null);
    }
  }

  return (
    <Panel title={t("audit.verify")}>
      <p>{t("audit.verifyHelp")}</p>
      <div className={styles.actions}>
        <Button kind="primary" icon="audit" isDisabled={progress !== null} onPress={() => void verify()}>
          {t("audit.verifyNow")}
        </Button>
        {progress !== null && (
          <Button icon="stop" onPress={() => running.current?.abort()}>
            {t("audit.stop")}
          </Button>
        )}
      </div>
      {progress !== null && <Bar progress={progress} />}
      {error !== null && <ErrorState error={error} onRetry={() => void verify()} />}
      {status && <Result status={status} />}
    </Panel>
  );
}

function Bar({ progress }: { progress: Progress }) {
  const { t } = useTranslation();
  const percent = progress.of === 0 ? 0 : percentDone(progress);
  return (
    <ProgressBar value={percent} className={styles.progress}>
      <Label>{t("audit.progress", { events: shownNumber(progress.events), of: shownNumber(progress.of) })}</Label>
      <svg className={styles.bar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect className={styles.barEmpty} width={100} height={4} />
        <rect className={styles.barFull} width={percent} height={4} />
      </svg>
    </ProgressBar>
  );
}

function Result({ status }: { status: Status }) {
  const { t } = useTranslation();
  return (
    <>
      {status.whole ? (
        <Banner tone="good" role="status">
          <strong>{t("audit.whole")}</strong> {t("audit.wholeText", { events: shownNumber(status.events) })}
        </Banner>
      ) : (
        <Banner tone="bad" role="alert">
          <strong>{t("audit.broken")}</strong> {t("audit.brokenText")}
          <ul className={styles.faults}>
            {status.faults.map((fault) => (
              <li key={`${fault.code} ${String(fault.seq)}`}>
                {t("audit.at", { seq: shownNumber(fault.seq) })} {t(`audit.faults.${fault.code.replace("audit.", "")}`)}{" "}
                <code>{fault.code}</code>
              </li>
            ))}
          </ul>
          {status.more > 0 && <p>{t("audit.moreFaults", { n: shownNumber(status.more) })}</p>}
        </Banner>
      )}
      <dl className={styles.facts}>
        <dt>{t("audit.last")}</dt>
        <dd>{shownNumber(status.last)}</dd>
        <dt>{t("audit.digest")}</dt>
        <dd>
          <code>{status.digest || "–"}</code>
        </dd>
        <dt>{t("audit.keys")}</dt>
        <dd>
          <code>{status.keys.join(", ")}</code>
        </dd>
      </dl>
    </>
  );
}
