import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { toast } from "@/components/toasts";
import { State } from "./AssistantsPage";
import { DesignForm } from "./DesignForm";
import { changedFields, designOf, faultsOf, formOf, type Form } from "./design";
import { History } from "./History";
import { Publication } from "./Publication";
import { designs, retire, save, useAssistantChange } from "./queries";
import { Trial } from "./Trial";
import styles from "./assistants.module.css";

export default function EditAssistantPage() {
  const { t } = useTranslation();
  const { assistant } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(designs);
  const found = data?.assistants.find((one) => one.id === assistant || one.name === assistant);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if (found === undefined) {
    return (
      <Page title={t("assistants.title")}>
        <ErrorState error={new ApiProblem("request.not_found", "", 404)} />
      </Page>
    );
  }
  return <Edit key={found.id} assistant={found} packs={data.packs} />;
}

function Edit({ assistant, packs }: { assistant: Schema<"AssistantView">; packs: readonly string[] }) {
  const { t } = useTranslation();
  const latest = assistant.latest;
  return (
    <Page title={latest.design.title} lead={<State assistant={assistant} />} actions={<Retire assistant={assistant} />} wide>
      <Design key={latest.version} assistant={assistant} packs={packs} />
      <div className={styles.columns}>
        <Trial assistant={assistant} />
        <Publication assistant={assistant} />
      </div>
      <Panel title={t("assistants.history")}>
        <History assistant={assistant} />
      </Panel>
    </Page>
  );
}

/** The newest version in a form; what is saved becomes the next one. */
function Design({ assistant, packs }: { assistant: Schema<"AssistantView">; packs: readonly string[] }) {
  const { t } = useTranslation();
  const latest = assistant.latest;
  const [form, setForm] = useState<Form>(() => formOf(assistant.name, latest.design));
  const change = useAssistantChange(save);
  const faults = faultsOf(form, packs);
  const sound = Object.keys(faults).length === 0;
  const changed = changedFields(latest.design, designOf(form)).length > 0;

  async function keep(): Promise<void> {
    const made = await change
      .mutateAsync({ assistant: assistant.id, base: latest.version, design: designOf(form) })
      .catch(() => null);
    if (made !== null) toast(t("assistants.saved", { version: made.latest.version }));
  }

  return (
    <Panel title={t("assistants.design", { version: latest.version })}>
      <DesignForm
        form={form}
        onChange={(part) => {
          setForm({ ...form, ...part });
        }}
        faults={faults}
        named
      />
      {change.error && <ErrorState error={change.error} />}
      <div className={styles.actions}>
        <Button kind="primary" isDisabled={!changed || !sound} isPending={change.isPending} onPress={() => void keep()}>
          {t("assistants.save", { version: latest.version + 1 })}
        </Button>
        {changed && (
          <Button
            kind="quiet"
            onPress={() => {
              setForm(formOf(assistant.name, latest.design));
            }}
          >
            {t("assistants.discard")}
          </Button>
        )}
      </div>
    </Panel>
  );
}

function Retire({ assistant }: { assistant: Schema<"AssistantView"> }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const change = useAssistantChange(retire);
  const close = () => {
    setOpen(false);
  };

  async function go(): Promise<void> {
    const done = await change.mutateAsync(assistant.id).then(
      () => true,
      () => false,
    );
    if (!done) return;
    toast(t("assistants.retired"));
    await navigate({ to: "/assistants" });
  }

  return (
    <>
      <Button
        icon="trash"
        onPress={() => {
          setOpen(true);
        }}
      >
        {t("assistants.retire")}
      </Button>
      <Dialog
        title={t("assistants.retireTitle")}
        open={open}
        onClose={close}
        role="alertdialog"
        actions={
          <>
            <Button onPress={close}>{t("common.cancel")}</Button>
            <Button kind="danger" isPending={change.isPending} onPress={() => void go()}>
              {t("assistants.retire")}
            </Button>
          </>
        }
      >
        <p>{t("assistants.retireHelp")}</p>
        {change.error && <ErrorState error={change.error} />}
      </Dialog>
    </>
  );
}
