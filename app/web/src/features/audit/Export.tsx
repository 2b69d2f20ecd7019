import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sent } from "@/api/client";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { DateField } from "@/components/Field";
import { Panel } from "@/components/Panel";
import { toast } from "@/components/toasts";
import { dayAfter } from "@/features/activity/filters";
import styles from "./Audit.module.css";

const FORGET_MS = 60_000;

/** Hands out the events of some days as a file that can be verified on its own. */
export function Export() {
  const { t } = useTranslation();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const save = useMutation({
    mutationFn: async () => {
      const query = new URLSearchParams();
      if (from !== "") query.set("since", from);
      if (to !== "") query.set("until", dayAfter(to));
      const reply = await sent(`/v1/audit/export?${query.toString()}`);
      keep(await reply.blob(), "consilium-audit.jsonl");
    },
    onSuccess: () => {
      toast(t("audit.exported"));
    },
  });
  return (
    <Panel title={t("audit.export")}>
      <p>{t("audit.exportHelp")}</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <DateField label={t("audit.from")} value={from} onChange={setFrom} />
        <DateField label={t("audit.to")} value={to} onChange={setTo} />
        <div className={styles.submit}>
          <Button type="submit" icon="download" isPending={save.isPending}>
            {t("common.download")}
          </Button>
        </div>
      </form>
      {save.error && <ErrorState error={save.error} />}
    </Panel>
  );
}

function keep(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, FORGET_MS);
}
