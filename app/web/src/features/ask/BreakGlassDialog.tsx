import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given } from "@/api/client";
import { shownDate } from "@/app/language";
import { changeScope, currentScope } from "@/app/scope";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { Select, TextArea } from "@/components/Field";
import { SourceText } from "@/components/SourceText";
import { toast } from "@/components/toasts";
import { ask, type Turn } from "./store";

const MINUTES = ["15", "30", "60", "120"];
const FOR = ["treatment", "legal_advice"] as const;
type Purpose = (typeof FOR)[number];

/** Opens a patient or matter in an emergency, and asks again what was refused. */
export function BreakGlassDialog({ turn, onClose }: { turn: Turn; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState("30");
  const [purpose, setPurpose] = useState<Purpose>(turn.scope.purpose === "legal_advice" ? "legal_advice" : "treatment");
  const open = useMutation({
    mutationFn: () =>
      given(
        api.POST("/v1/break-glass", {
          body: { subject: turn.scope.subject, reason: reason.trim(), minutes: Number(minutes), purpose },
        }),
      ),
    onSuccess: (glass) => {
      toast(t("ask.glass.opened", { until: shownDate(glass.expires_at, { timeStyle: "short" }) }));
      // It opens for the work with that person only; what was chosen as a purpose before may be another.
      changeScope({ ...turn.scope, purpose: allowed(currentScope().purpose) ? currentScope().purpose : purpose });
      onClose();
      void ask(turn.question);
    },
  });
  const ready = reason.trim() !== "";
  return (
    <Dialog
      title={t("ask.glass.title")}
      open
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            kind="danger"
            icon="glass"
            isDisabled={!ready}
            isPending={open.isPending}
            onPress={() => {
              open.mutate();
            }}
          >
            {t("ask.glass.confirm")}
          </Button>
        </>
      }
    >
      <Banner tone="warn">{t("ask.glass.warning")}</Banner>
      <p>
        {t("ask.glass.of")} <SourceText text={turn.scope.subject} />
      </p>
      <TextArea
        label={t("ask.glass.reason")}
        hint={t("ask.glass.reasonHint")}
        value={reason}
        onChange={setReason}
        maxLength={1000}
        rows={3}
        required
      />
      <Select
        label={t("ask.glass.minutes")}
        value={minutes}
        onChange={setMinutes}
        options={MINUTES.map((one) => ({ id: one, label: t("ask.glass.minutesOf", { count: Number(one) }) }))}
      />
      <Select
        label={t("ask.scope.purpose")}
        value={purpose}
        onChange={(value) => {
          setPurpose(value as Purpose);
        }}
        options={FOR.map((one) => ({ id: one, label: t(`ask.purposes.${one}`) }))}
      />
      {open.error && <ErrorState error={open.error} />}
    </Dialog>
  );
}

function allowed(purpose: string): boolean {
  return (FOR as readonly string[]).includes(purpose);
}
