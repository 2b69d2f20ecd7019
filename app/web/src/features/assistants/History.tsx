import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { shownDate } from "@/app/language";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { SourceText } from "@/components/SourceText";
import { toast } from "@/components/toasts";
import { download } from "./download";
import { changedFields } from "./design";
import { fileOf, restore, useAssistantChange, versionsOf } from "./queries";
import styles from "./assistants.module.css";

/** Every version, newest first: who, when, what changed; to hand out as a file, or to have again. */
export function History({ assistant }: { assistant: Schema<"AssistantView"> }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(versionsOf(assistant.id));
  const change = useAssistantChange(restore);
  const [failed, setFailed] = useState<unknown>(null);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;

  async function again(version: number): Promise<void> {
    const made = await change.mutateAsync({ assistant: assistant.id, version }).catch(() => null);
    if (made !== null) toast(t("assistants.saved", { version: made.latest.version }));
  }

  async function handOut(version: number): Promise<void> {
    setFailed(null);
    try {
      download(`${assistant.name}.assistant.json`, await fileOf(assistant.id, version));
    } catch (thrown) {
      setFailed(thrown);
    }
  }

  return (
    <>
      {(change.error ?? failed) !== null && <ErrorState error={change.error ?? failed} />}
      <ol className={styles.history} reversed>
        {data.versions.map((one, index) => (
          <li key={one.version}>
            <div className={styles.bar}>
              <strong>{t("assistants.version", { version: one.version })}</strong>
              {assistant.published?.version === one.version && (
                <Badge tone="good" icon="good">
                  {t("assistants.published")}
                </Badge>
              )}
              <span className={styles.note}>
                {shownDate(one.created_at, { dateStyle: "medium", timeStyle: "short" })} · <SourceText text={one.created_by} />
              </span>
              <span className={styles.actions}>
                <Button
                  size="small"
                  icon="download"
                  aria-label={t("assistants.exportVersion", { version: one.version })}
                  onPress={() => void handOut(one.version)}
                >
                  {t("assistants.export")}
                </Button>
                {index > 0 && (
                  <Button
                    size="small"
                    icon="history"
                    aria-label={t("assistants.restoreVersion", { version: one.version })}
                    isDisabled={change.isPending}
                    onPress={() => void again(one.version)}
                  >
                    {t("assistants.restore")}
                  </Button>
                )}
              </span>
            </div>
            <Changes version={one} before={data.versions[index + 1]} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Changes({ version, before }: { version: Schema<"AssistantVersionView">; before: Schema<"AssistantVersionView"> | undefined }) {
  const { t } = useTranslation();
  const changed = before ? changedFields(before.design, version.design) : [];
  const fields = changed.map((name) => t(`assistants.fields.${name === "as_of" ? "asOf" : name}`)).join(", ");
  return (
    <p className={styles.note}>
      {version.restored !== null
        ? t("assistants.restoredFrom", { version: version.restored })
        : before === undefined
          ? t("assistants.first")
          : t("assistants.changedFields", { fields })}
    </p>
  );
}
