import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Checkbox, Select } from "@/components/Field";
import { Panel } from "@/components/Panel";
import { toast } from "@/components/toasts";
import { publish, useAssistantChange, versionsOf } from "./queries";
import styles from "./assistants.module.css";

/** Where which version is used. */
export function Publication({ assistant }: { assistant: Schema<"AssistantView"> }) {
  const { t } = useTranslation();
  const { data } = useQuery(versionsOf(assistant.id));
  const published = assistant.published;
  const [version, setVersion] = useState("");
  const [client, setClient] = useState(published?.client ?? true);
  const [model, setModel] = useState(published?.model ?? true);
  const change = useAssistantChange(publish);
  const chosen = version === "" ? assistant.latest.version : Number(version);

  async function go(where: { client: boolean; model: boolean }): Promise<void> {
    const done = await change.mutateAsync({ assistant: assistant.id, version: chosen, ...where }).catch(() => null);
    if (done === null) return;
    toast(done.published === null ? t("assistants.takenBack") : t("assistants.publishedNow", { version: chosen }));
  }

  return (
    <Panel title={t("assistants.publication")}>
      <Select
        label={t("assistants.whichVersion")}
        value={String(chosen)}
        onChange={setVersion}
        options={(data?.versions ?? [assistant.latest]).map((one) => ({
          id: String(one.version),
          label: t("assistants.version", { version: one.version }),
        }))}
      />
      <Checkbox label={t("assistants.toClient")} checked={client} onChange={setClient} />
      <Checkbox label={t("assistants.toModel")} checked={model} onChange={setModel} />
      <p className={styles.note}>
        {t("assistants.modelName")} <code className={styles.address}>{assistant.model}</code>
      </p>
      {change.error && <ErrorState error={change.error} />}
      <div className={styles.actions}>
        <Button
          kind="primary"
          isDisabled={!client && !model}
          isPending={change.isPending}
          onPress={() => void go({ client, model })}
        >
          {t("assistants.publish", { version: chosen })}
        </Button>
        {published !== null && (
          <Button isDisabled={change.isPending} onPress={() => void go({ client: false, model: false })}>
            {t("assistants.takeBack")}
          </Button>
        )}
      </div>
    </Panel>
  );
}
