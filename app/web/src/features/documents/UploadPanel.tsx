import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { DateField, TextField } from "@/components/Field";
import { Link } from "@/components/Link";
import { names } from "@/components/names";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { shownNumber } from "@/app/language";
import { NO_LABELS, optionsOf, type Labels, type Upload } from "./uploads";
import { useUploads } from "./useUploads";
import styles from "./Documents.module.css";

/** Takes files in, by dropping or choosing them, with the labels that all of them get. */
export function UploadPanel() {
  const { t } = useTranslation();
  const me = useMe();
  const [labels, setLabels] = useState<Labels>(NO_LABELS);
  const [over, setOver] = useState(false);
  const { uploads, add, stop, clear } = useUploads();
  const input = useRef<HTMLInputElement>(null);
  const wrong = labels.effectiveFrom !== "" && labels.effectiveTo !== "" && labels.effectiveTo <= labels.effectiveFrom;
  const ready = me !== undefined && labels.collection.trim() !== "" && !wrong;

  function take(files: FileList | null) {
    if (files && files.length > 0 && ready) add([...files], optionsOf(labels, me.tenant));
  }
  const field = (name: keyof Labels, hint?: string) => (
    <TextField
      label={t(`documents.labels.${name}`)}
      value={labels[name]}
      onChange={(value) => {
        setLabels((all) => ({ ...all, [name]: value }));
      }}
      maxLength={200}
      {...(hint ? { hint } : {})}
    />
  );
  const day = (name: "effectiveFrom" | "effectiveTo") => (
    <DateField
      label={t(`documents.labels.${name}`)}
      value={labels[name]}
      onChange={(value) => {
        setLabels((all) => ({ ...all, [name]: value }));
      }}
    />
  );
  return (
    <Panel title={t("documents.upload")}>
      <div className={styles.fields}>
        {field("collection")}
        {field("subject", t("documents.subjectHint"))}
        {day("effectiveFrom")}
        {day("effectiveTo")}
      </div>
      <details className={styles.more}>
        <summary>{t("documents.moreLabels")}</summary>
        <div className={styles.fields}>
          {field("walls", t("documents.wallsHint"))}
          {field("sensitivity")}
          {field("jurisdiction")}
          {field("document", t("documents.documentHint"))}
        </div>
      </details>
      {wrong && <p role="alert" className={styles.wrong}>{t("documents.datesWrong")}</p>}
      {/* Dropping is a way besides the button for those with a mouse. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        className={names(styles.drop, over && styles.over)}
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
          take(event.dataTransfer.files);
        }}
      >
        <p>{t("documents.drop")}</p>
        <Button kind="primary" icon="upload" isDisabled={!ready} onPress={() => input.current?.click()}>
          {t("documents.choose")}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t("documents.choose")}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      {uploads.length > 0 && <Uploads uploads={uploads} onStop={stop} onClear={clear} />}
    </Panel>
  );
}

function Uploads({ uploads, onStop, onClear }: { uploads: readonly Upload[]; onStop: (upload: Upload) => void; onClear: () => void }) {
  const { t } = useTranslation();
  const ended = uploads.filter((one) => one.stage === "done" || one.stage === "failed" || one.stage === "stopped").length;
  return (
    <>
      <div className={styles.uploadsHead}>
        <p role="status">{t("documents.ended", { done: ended, of: uploads.length })}</p>
        <Button kind="quiet" size="small" isDisabled={ended === 0} onPress={onClear}>
          {t("documents.clear")}
        </Button>
      </div>
      <ul className={styles.uploads} aria-label={t("documents.files")}>
        {uploads.map((upload) => (
          <UploadLine key={upload.id} upload={upload} onStop={onStop} />
        ))}
      </ul>
    </>
  );
}

const TONES = { waiting: "neutral", sending: "info", reading: "info", done: "good", failed: "bad", stopped: "neutral" } as const;

function UploadLine({ upload, onStop }: { upload: Upload; onStop: (upload: Upload) => void }) {
  const { t } = useTranslation();
  const busy = upload.stage === "waiting" || upload.stage === "sending" || upload.stage === "reading";
  return (
    <li className={styles.upload}>
      <span className={styles.name}>
        <SourceText text={upload.file.name} />
      </span>
      <Badge tone={TONES[upload.stage]} icon={upload.stage === "done" ? "good" : upload.stage === "failed" ? "bad" : "info"}>
        {t(`documents.stages.${upload.stage}`)}
      </Badge>
      {upload.stage === "sending" && <progress max={1} value={upload.share} aria-label={t("documents.sent")} />}
      {upload.stage === "done" && (
        <span>
          {t("documents.taken", { count: upload.documentIds.length, passages: shownNumber(upload.passages) })}{" "}
          {upload.documentIds.slice(0, 3).map((id) => (
            <Link key={id} to={`/documents/${id}`} className={styles.id ?? ""}>
              {id}
            </Link>
          ))}
        </span>
      )}
      {upload.code !== null && <Reason code={upload.code} detail={upload.detail} partly={upload.stage === "done"} />}
      {busy && (
        <Button
          kind="quiet"
          size="small"
          icon="stop"
          onPress={() => {
            onStop(upload);
          }}
        >
          {t("documents.stop")}
        </Button>
      )}
    </li>
  );
}

/** Why a file was not taken and the way out, in the reader's language where it is known there, and the code. */
export function Reason({ code, detail, partly = false }: { code: string; detail: string; partly?: boolean }) {
  const { t, i18n } = useTranslation();
  const key = `documents.reasons.${code.replaceAll(".", "_")}`;
  return (
    <p className={styles.reason}>
      {partly && `${t("documents.partly")} `}
      {i18n.exists(key) ? t(key as "documents.title") : detail} <code>{code}</code>
    </p>
  );
}
