import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { toast } from "@/components/toasts";
import { DesignForm } from "./DesignForm";
import { designOf, EMPTY, faultsOf, nameFrom, type Form } from "./design";
import { create, designs, useAssistantChange } from "./queries";

export default function NewAssistantPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data } = useQuery(designs);
  const [form, setForm] = useState<Form>(EMPTY);
  const [tried, setTried] = useState(false);
  const change = useAssistantChange(create);
  const faults = faultsOf(form, data?.packs ?? []);
  const sound = Object.keys(faults).length === 0;

  function edit(part: Partial<Form>): void {
    // A name follows the title until somebody writes one.
    const follows = part.title !== undefined && form.name === nameFrom(form.title);
    setForm({ ...form, ...part, ...(follows ? { name: nameFrom(part.title ?? "") } : {}) });
  }

  async function make(): Promise<void> {
    setTried(true);
    if (!sound) return;
    const made = await change.mutateAsync({ name: form.name, design: designOf(form) }).catch(() => null);
    if (made === null) return;
    toast(t("assistants.made"));
    await navigate({ to: `/assistants/${made.id}` });
  }

  return (
    <Page title={t("assistants.newTitle")} lead={t("assistants.newLead")}>
      <Panel>
        <DesignForm form={form} onChange={edit} faults={tried ? faults : {}} />
        {tried && !sound && <p role="alert">{t("assistants.faults", { count: Object.keys(faults).length })}</p>}
        {change.error && <ErrorState error={change.error} />}
        <div>
          <Button kind="primary" isPending={change.isPending} onPress={() => void make()}>
            {t("assistants.make")}
          </Button>
        </div>
      </Panel>
    </Page>
  );
}
