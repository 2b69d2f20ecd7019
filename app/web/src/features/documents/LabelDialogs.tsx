import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given, type Schema } from "@/api/client";
import { askAnew } from "@/api/queries";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { DateField, TextField } from "@/components/Field";
import { toast } from "@/components/toasts";
import { namesIn } from "./uploads";
import styles from "./Documents.module.css";

type Filed = Schema<"FiledView">;

/** Returns what makes the pages ask anew for what was just changed of a document. */
export function useRefresh(document: string) {
  const client = useQueryClient();
  return () => askAnew(client, ["labels", document], ["document", document], ["listing"]);
}

export function LabelsDialog({ filed, onClose }: { filed: Filed; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh(filed.id);
  const [subject, setSubject] = useState(filed.subjects.join(", "));
  const [walls, setWalls] = useState(filed.walls.join(", "));
  const [sensitivity, setSensitivity] = useState(filed.sensitivity);
  const [jurisdiction, setJurisdiction] = useState(filed.jurisdiction ?? "");
  const several = filed.subjects.length > 1;
  const moved = subject.trim() !== filed.subjects.join(", ");
  const save = useMutation({
    mutationFn: () =>
      given(
        api.PATCH("/v1/documents/{document_id}", {
          params: { path: { document_id: filed.id } },
          body: {
            walls: namesIn(walls),
            sensitivity: sensitivity.trim(),
            jurisdiction: jurisdiction.trim(),
            ...(moved && !several ? { subject: subject.trim() } : {}),
          },
        }),
      ),
    onSuccess: async () => {
      await refresh();
      toast(t("documents.labelsChanged"));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("documents.changeLabels")}
      open
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            kind="primary"
            isDisabled={save.isPending || sensitivity.trim() === "" || (moved && subject.trim() === "")}
            onPress={() => {
              save.mutate();
            }}
          >
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <TextField label={t("documents.labels.subject")} hint={t(several ? "documents.severalSubjects" : "documents.subjectStays")} value={subject} onChange={setSubject} disabled={several} maxLength={200} />
        <TextField label={t("documents.labels.walls")} hint={t("documents.wallsHint")} value={walls} onChange={setWalls} maxLength={1000} />
        <TextField label={t("documents.labels.sensitivity")} value={sensitivity} onChange={setSensitivity} maxLength={40} />
        <TextField label={t("documents.labels.jurisdiction")} value={jurisdiction} onChange={setJurisdiction} maxLength={40} />
      </div>
      {moved && !several && <Banner tone="warn">{t("documents.subjectMoves")}</Banner>}
      {save.error && <ErrorState error={save.error} />}
    </Dialog>
  );
}

export function DatesDialog({ document, version, onClose }: { document: string; version: Filed["versions"][number]; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh(document);
  const [from, setFrom] = useState(version.in_force.from ?? "");
  const [to, setTo] = useState(version.in_force.to ?? "");
  const wrong = from !== "" && to !== "" && to <= from;
  const save = useMutation({
    mutationFn: () =>
      given(
        api.PATCH("/v1/versions/{version_id}", {
          params: { path: { version_id: version.id } },
          body: { effective_from: from === "" ? null : from, effective_to: to === "" ? null : to },
        }),
      ),
    onSuccess: async () => {
      await refresh();
      toast(t("documents.datesChanged"));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("documents.correctDates")}
      open
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            kind="primary"
            isDisabled={save.isPending || wrong}
            onPress={() => {
              save.mutate();
            }}
          >
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className={styles.fields}>
        <DateField label={t("documents.labels.effectiveFrom")} value={from} onChange={setFrom} />
        <DateField label={t("documents.labels.effectiveTo")} value={to} onChange={setTo} />
      </div>
      {wrong && <p role="alert" className={styles.wrong}>{t("documents.datesWrong")}</p>}
      {save.error && <ErrorState error={save.error} />}
    </Dialog>
  );
}
