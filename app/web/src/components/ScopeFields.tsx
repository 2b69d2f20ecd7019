import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { subjects } from "@/api/queries";
import { changeScope, useScope } from "@/app/scope";
import { DateField, Select } from "@/components/Field";
import styles from "./ScopeFields.module.css";

/** What a draft is checked against: a patient or matter beside what is about nobody, as of a day. */
export function ScopeFields() {
  const { t } = useTranslation();
  const scope = useScope();
  const known = useQuery(subjects).data?.subjects ?? [];
  const names = scope.subject === "" || known.includes(scope.subject) ? known : [scope.subject, ...known];
  return (
    <div className={styles.scope}>
      <Select
        label={t("check.subject")}
        value={scope.subject === "" ? "-" : scope.subject}
        onChange={(id) => {
          changeScope({ subject: id === "-" ? "" : id });
        }}
        options={[{ id: "-", label: t("check.nobody") }, ...names.map((id) => ({ id, label: id }))]}
      />
      <DateField
        label={t("check.asOf")}
        value={scope.asOf}
        onChange={(asOf) => {
          changeScope({ asOf });
        }}
      />
    </div>
  );
}
