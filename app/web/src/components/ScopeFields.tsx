import { useTranslation } from "react-i18next";
import { changeScope, useScope } from "@/app/scope";
import { choiceOf, useSubjects } from "@/app/subjects";
import { DateField, Select } from "@/components/Field";
import styles from "./ScopeFields.module.css";

/** What a draft is checked against: a patient or matter beside what is about nobody, as of a day. */
export function ScopeFields() {
  const { t } = useTranslation();
  const scope = useScope();
  const { data } = useSubjects();
  const known = data?.subjects ?? [];
  const names = scope.subject === "" || known.includes(scope.subject) ? known : [scope.subject, ...known];
  return (
    <div className={styles.scope}>
      <Select
        label={t("check.subject")}
        value={scope.subject === "" ? "-" : scope.subject}
        onChange={(id) => {
          changeScope({ subject: id === "-" ? "" : id });
        }}
        options={[{ id: "-", label: t("check.nobody") }, ...names.map((id) => choiceOf(id, data?.names))]}
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
