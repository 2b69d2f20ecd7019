import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given, type Schema } from "@/api/client";
import { askAnew, hasRole, useMe } from "@/api/queries";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { Checkbox, Select, TextField } from "@/components/Field";
import { toast } from "@/components/toasts";
import { keys } from "./queries";
import styles from "./Settings.module.css";

type Role = Schema<"KeyBody">["roles"][number];
const ROLES: readonly Role[] = ["system", "reader", "professional", "steward", "auditor", "administrator"];
const DAYS = ["7", "30", "90", "365"] as const;

/** Makes a key, with roles that one has oneself: nobody gives away more. Its secret is shown once and kept nowhere. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const me = useMe();
  const own = ROLES.filter((role) => hasRole(me?.roles ?? [], [role]));
  const [roles, setRoles] = useState<readonly Role[]>(own.slice(0, 1));
  const [days, setDays] = useState("90");
  const make = useMutation({
    mutationFn: () => given(api.POST("/v1/keys", { body: { name: name.trim(), roles: [...roles], days: Number(days) } })),
    onSuccess: () => askAnew(queries, keys.queryKey),
    gcTime: 0,
  });
  if (make.data) return <Shown secret={make.data.key} onClose={onClose} />;
  const ready = name.trim() !== "" && roles.length > 0;
  return (
    <Dialog
      title={t("settings.newKey")}
      open
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button kind="primary" isDisabled={!ready} isPending={make.isPending} onPress={() => { make.mutate(); }}>
            {t("settings.make")}
          </Button>
        </>
      }
    >
      <TextField label={t("settings.keyName")} hint={t("settings.keyNameHint")} value={name} onChange={setName} maxLength={100} required />
      <fieldset className={styles.roles}>
        <legend>{t("settings.roles")}</legend>
        {own.map((role) => (
          <Checkbox
            key={role}
            label={t(`settings.roleNames.${role}`)}
            checked={roles.includes(role)}
            onChange={(checked) => {
              setRoles(checked ? [...roles, role] : roles.filter((one) => one !== role));
            }}
          />
        ))}
      </fieldset>
      <Select
        label={t("settings.validFor")}
        value={days}
        onChange={setDays}
        options={DAYS.map((one) => ({ id: one, label: t("settings.days", { n: one }) }))}
      />
      {make.error && <ErrorState error={make.error} />}
    </Dialog>
  );
}

function Shown({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t("settings.keyMade")}
      open
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button
            icon="copy"
            onPress={() => {
              navigator.clipboard.writeText(secret).then(
                () => { toast(t("common.copied")); },
                () => { toast(t("settings.copyFailed"), "bad"); },
              );
            }}
          >
            {t("common.copy")}
          </Button>
          <Button kind="primary" onPress={onClose}>{t("settings.kept")}</Button>
        </>
      }
    >
      <Banner tone="warn">{t("settings.shownOnce")}</Banner>
      <code className={styles.secret}>{secret}</code>
    </Dialog>
  );
}
