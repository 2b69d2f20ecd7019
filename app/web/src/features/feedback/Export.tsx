import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { download } from "@/features/assistants/download";
import { cases, type Suite } from "./queries";
import styles from "./feedback.module.css";

/** Hands out what was accepted as datasets of the evaluation; the server keeps none of it. */
export function Export() {
  const { t } = useTranslation();
  const [suite, setSuite] = useState<Suite>("answers");
  const writing = useMutation({ mutationFn: cases });
  const done = writing.data;

  async function write(wanted: Suite): Promise<void> {
    setSuite(wanted);
    const found = await writing.mutateAsync(wanted).catch(() => null);
    if (found === null || found.cases === 0) return;
    for (const [name, text] of Object.entries(found.files)) download(name, new Blob([text], { type: "application/jsonl" }));
  }

  return (
    <Panel title={t("feedback.export")}>
      <p>{t("feedback.exportHelp")}</p>
      <div className={styles.actions}>
        {(["answers", "grounding"] as const).map((one) => (
          <Button key={one} icon="download" isPending={writing.isPending && suite === one} onPress={() => void write(one)}>
            {t(`feedback.suites.${one}`)}
          </Button>
        ))}
      </div>
      <div role="status">
        {done && (
          <p>
            {t("feedback.cases", { count: done.cases })}
            {Object.entries(done.left_out).map(([reason, count]) => ` ${t(`feedback.leftOut.${reason}`, { count })}`)}
          </p>
        )}
      </div>
      {writing.error && <ErrorState error={writing.error} />}
    </Panel>
  );
}
