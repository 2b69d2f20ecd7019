import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given, type Schema } from "@/api/client";
import { askAnew } from "@/api/queries";
import { useScope } from "@/app/scope";
import { choiceOf, holds, useSubjects } from "@/app/subjects";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Checkbox, ComboBox, DateField, Select, TextArea, TextField } from "@/components/Field";
import { cohortKinds, cohortOf, idsIn, withId, type CohortKind, type Format, type Template } from "./logic";
import styles from "./Reports.module.css";

/** The order of a batch: what, about whom, as of when, in which formats. */
export function NewBatch({ templates }: { templates: readonly Template[] }) {
  const { t } = useTranslation();
  const scope = useScope();
  const [name, setName] = useState(templates[0]?.name ?? "");
  const template = templates.find((one) => one.name === name) ?? templates[0];
  const [kind, setKind] = useState<CohortKind | null>(null);
  const [ids, setIds] = useState(scope.subject);
  const [group, setGroup] = useState("");
  const [asOf, setAsOf] = useState(scope.asOf);
  const [chosen, setChosen] = useState<readonly Format[] | null>(null);
  const order = useOrder();
  if (template === undefined) return null;
  const kinds = cohortKinds(template.about);
  const shownKind = kinds.find((one) => one === kind) ?? kinds[0] ?? "ids";
  const possible = template.possible ?? [];
  const formats = (chosen ?? template.formats ?? []).filter((one) => possible.includes(one));
  const cohort = cohortOf(shownKind, ids, group);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (cohort === null || formats.length === 0) return;
        order.mutate({
          template: template.name,
          cohort,
          formats,
          collections: [],
          ...(asOf === "" ? {} : { as_of: asOf }),
        });
      }}
    >
      <Select
        label={t("reports.template")}
        value={template.name}
        onChange={setName}
        options={templates.map((one) => ({ id: one.name, label: one.title ?? one.name, note: one.description ?? "" }))}
      />
      <p className={styles.note}>
        <bdi>{template.description}</bdi>
      </p>
      <Select
        label={t("reports.whom")}
        value={shownKind}
        onChange={(value) => {
          setKind(kinds.find((one) => one === value) ?? shownKind);
        }}
        options={kinds.map((one) => ({ id: one, label: t(`reports.kinds.${one}`) }))}
      />
      {shownKind === "ids" ? (
        <Ids value={ids} onChange={setIds} pick={template.about !== "document"} />
      ) : (
        <TextField label={t(`reports.names.${shownKind}`)} value={group} onChange={setGroup} maxLength={200} />
      )}
      <div className={styles.pair}>
        <DateField label={t("reports.asOf")} hint={t("reports.asOfHint")} value={asOf} onChange={setAsOf} />
        <fieldset className={styles.formats}>
          <legend>{t("reports.formats")}</legend>
          {possible.map((one) => (
            <Checkbox
              key={one}
              label={t(`reports.format.${one}`)}
              checked={formats.includes(one)}
              onChange={(checked) => {
                setChosen(checked ? [...formats, one] : formats.filter((other) => other !== one));
              }}
            />
          ))}
        </fieldset>
      </div>
      {order.isError && <ErrorState error={order.error} />}
      <div>
        <Button kind="primary" type="submit" isDisabled={cohort === null || formats.length === 0 || order.isPending}>
          {t("reports.start")}
        </Button>
      </div>
    </form>
  );
}

/** A list of ids, pasted or picked one by one. */
function Ids({ value, onChange, pick }: { value: string; onChange: (value: string) => void; pick: boolean }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const { data } = useSubjects(pick);
  const matching = (data?.subjects ?? []).filter((one) => holds(one, data?.names, typed)).slice(0, 50);
  return (
    <>
      {pick && (
        <ComboBox
          label={t("reports.pick")}
          inputValue={typed}
          onInputChange={setTyped}
          onChoose={(id) => {
            onChange(withId(value, id));
            setTyped("");
          }}
          options={matching.map((one) => choiceOf(one, data?.names))}
          empty={t("reports.noMatch")}
        />
      )}
      <TextArea
        label={t("reports.ids")}
        hint={t("reports.idsHint", { count: idsIn(value).length })}
        value={value}
        onChange={onChange}
        rows={5}
      />
    </>
  );
}

function useOrder() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (body: Schema<"ReportBody">) => given(api.POST("/v1/reports", { body })),
    onSuccess: async (made) => {
      await askAnew(cache, ["reports"]);
      await navigate({ to: `/reports/${made.id}` });
    },
  });
}
