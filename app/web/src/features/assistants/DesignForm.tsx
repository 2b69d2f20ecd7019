import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { PURPOSES } from "@/app/scope";
import { Banner } from "@/components/Banner";
import { Checkbox, DateField, Select, TextArea, TextField } from "@/components/Field";
import { ROLES, type Faults, type Form } from "./design";
import { designs } from "./queries";
import styles from "./assistants.module.css";

/** What an assistant is, to be written. Which fields are not right is said at each once `faults` are given. */
export function DesignForm({
  form,
  onChange,
  faults,
  named = false,
}: {
  form: Form;
  onChange: (change: Partial<Form>) => void;
  faults: Faults;
  /** Whether its name can no longer be changed. */
  named?: boolean;
}) {
  const { t } = useTranslation();
  const { data } = useQuery(designs);
  const fault = (field: keyof Form) => (faults[field] === undefined ? {} : { error: t(`assistants.${faults[field]}`) });
  const text = (field: keyof Form & ("title" | "description" | "name")) => ({
    label: t(`assistants.fields.${field}`),
    hint: t(`assistants.hints.${field}`),
    value: form[field],
    onChange: (value: string) => {
      onChange({ [field]: value });
    },
    ...fault(field),
  });
  const area = (field: "teams" | "instructions" | "collections" | "starters") => ({ ...text(field as "title"), className: styles.whole });
  const packs = (data?.packs ?? []).map((id) => ({ id, label: id }));
  return (
    <div className={styles.form}>
      <TextField {...text("title")} required maxLength={200} />
      <TextField {...text("name")} required maxLength={60} disabled={named} />
      <TextField {...text("description")} maxLength={1000} className={styles.whole} />
      <TextArea {...area("instructions")} rows={5} />
      <div className={styles.whole}>
        <Banner tone={data?.drafter.startsWith("chat/") === false ? "warn" : "info"}>
          {data?.drafter.startsWith("chat/") === false ? t("assistants.extractive") : t("assistants.configuration")}
        </Banner>
      </div>
      <TextArea {...area("starters")} rows={4} />
      <fieldset className={styles.group}>
        <legend>{t("assistants.fields.roles")}</legend>
        <div className={styles.choices}>
          {ROLES.map((role) => (
            <Checkbox
              key={role}
              label={t(`assistants.roles.${role}`)}
              checked={form.roles.includes(role)}
              onChange={(on) => {
                onChange({ roles: on ? [...form.roles, role] : form.roles.filter((one) => one !== role) });
              }}
            />
          ))}
        </div>
        <span className={styles.note}>{t("assistants.hints.roles")}</span>
      </fieldset>
      <TextArea {...area("teams")} className={undefined} rows={2} />
      <TextArea {...area("collections")} className={undefined} rows={3} />
      <Select
        label={t("assistants.fields.pack")}
        hint={t("assistants.hints.pack")}
        value={form.pack}
        onChange={(pack) => {
          onChange({ pack });
        }}
        options={[{ id: "", label: t("assistants.ownPack", { pack: data?.pack ?? "" }) }, ...packs]}
      />
      <Select
        label={t("assistants.fields.purpose")}
        hint={t("assistants.hints.purpose")}
        value={form.purpose}
        onChange={(purpose) => {
          onChange({ purpose: purpose as Form["purpose"] });
        }}
        options={[
          { id: "", label: t("assistants.packPurpose") },
          ...PURPOSES.map((id) => ({ id, label: t(`assistants.purposes.${id}`) })),
        ]}
      />
      <DateField
        label={t("assistants.fields.asOf")}
        hint={t("assistants.hints.asOf")}
        value={form.asOf}
        onChange={(asOf) => {
          onChange({ asOf });
        }}
      />
      <Select
        label={t("assistants.fields.redact")}
        hint={t("assistants.hints.redact")}
        value={form.redact}
        onChange={(redact) => {
          onChange({ redact: redact as Form["redact"] });
        }}
        options={(["", "secret", "direct", "all"] as const).map((id) => ({ id, label: t(`assistants.levels.${id || "pack"}`) }))}
      />
      <Checkbox
        label={t("assistants.fields.unsupported")}
        hint={t("assistants.hints.unsupported")}
        checked={form.unsupported === "drop"}
        onChange={(on) => {
          onChange({ unsupported: on ? "drop" : "" });
        }}
      />
    </div>
  );
}
