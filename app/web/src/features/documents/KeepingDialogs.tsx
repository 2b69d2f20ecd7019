import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given, sent, type Schema } from "@/api/client";
import { useMe } from "@/api/queries";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { Checkbox, TextArea } from "@/components/Field";
import { Loading } from "@/components/Loading";
import { toast } from "@/components/toasts";
import { Removed } from "./DocumentPage";
import { useRefresh } from "./LabelDialogs";

/** Forbids that a document is erased, with the reason. */
export function HoldDialog({ document, onClose }: { document: string; onClose: () => void }) {
  const { t } = useTranslation();
  const tenant = useMe()?.tenant ?? "default";
  const refresh = useRefresh(document);
  const [reason, setReason] = useState("");
  const place = useMutation({
    mutationFn: () => given(api.POST("/v1/holds", { body: { tenant, document, reason: reason.trim() } })),
    onSuccess: async () => {
      await refresh();
      toast(t("documents.holdPlaced"));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("documents.hold")}
      open
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button kind="primary" isDisabled={reason.trim() === "" || place.isPending} onPress={() => { place.mutate(); }}>
            {t("documents.hold")}
          </Button>
        </>
      }
    >
      <p>{t("documents.holdHelp")}</p>
      <TextArea label={t("documents.reason")} value={reason} onChange={setReason} maxLength={1000} required />
      {place.error && <ErrorState error={place.error} />}
    </Dialog>
  );
}

export function ReleaseDialog({ document, hold, onClose }: { document: string; hold: string; onClose: () => void }) {
  const { t } = useTranslation();
  const tenant = useMe()?.tenant ?? "default";
  const refresh = useRefresh(document);
  const release = useMutation({
    mutationFn: () => given(api.DELETE("/v1/holds/{hold_id}", { params: { path: { hold_id: hold }, query: { tenant } } })),
    onSuccess: async () => {
      await refresh();
      toast(t("documents.holdReleased"));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("documents.release")}
      open
      onClose={onClose}
      role="alertdialog"
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button kind="danger" isDisabled={release.isPending} onPress={() => { release.mutate(); }}>
            {t("documents.release")}
          </Button>
        </>
      }
    >
      <p>{t("documents.releaseHelp", { id: hold })}</p>
      {release.error && <ErrorState error={release.error} />}
    </Dialog>
  );
}

/** Says first what an erasure would remove and keep; only then it can be ordered, after a tick. */
export function EraseDialog({
  document,
  onClose,
  onErased,
}: {
  document: string;
  onClose: () => void;
  onErased: (receipt: Schema<"ReceiptView">) => void;
}) {
  const { t } = useTranslation();
  const tenant = useMe()?.tenant ?? "default";
  const refresh = useRefresh(document);
  const [sure, setSure] = useState(false);
  const plan = useQuery({
    queryKey: ["plan", document],
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const body = JSON.stringify({ tenant, document });
      const headers = { "Content-Type": "application/json" };
      const response = await sent("/v1/erasures/plan", { method: "POST", headers, body, signal });
      return (await response.json()) as Schema<"PlanView">;
    },
  });
  const erase = useMutation({
    mutationFn: () => given(api.POST("/v1/erasures", { body: { tenant, document, shared: false } })),
    onSuccess: async (receipt) => {
      onErased(receipt as Schema<"ReceiptView">);
      await refresh();
    },
  });
  const nothing = plan.data?.documents.length === 0;
  return (
    <Dialog
      title={t("documents.erase")}
      open
      onClose={onClose}
      role="alertdialog"
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            kind="danger"
            icon="trash"
            isDisabled={!sure || !plan.data || nothing || erase.isPending}
            onPress={() => {
              erase.mutate();
            }}
          >
            {t("documents.eraseNow")}
          </Button>
        </>
      }
    >
      {plan.isPending && <Loading />}
      {plan.error && <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />}
      {plan.data && (
        <>
          <p>{t(nothing ? "documents.nothingGoes" : "documents.eraseHelp")}</p>
          <Removed plan={plan.data} />
          {!nothing && <Checkbox label={t("documents.sure")} checked={sure} onChange={setSure} />}
        </>
      )}
      {erase.isPending && <p role="status">{t("documents.erasing")}</p>}
      {erase.error && <ErrorState error={erase.error} />}
    </Dialog>
  );
}
