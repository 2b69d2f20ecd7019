import { useQuery } from "@tanstack/react-query";
import { memo, useState } from "react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { api, given } from "@/api/client";
import { changeScope, PURPOSES, scopeQuery, useRecentSubjects, useScope } from "@/app/scope";
import { choiceOf, holds, nameOf, useFoundSubjects, useSubjectName } from "@/app/subjects";
import { Checkbox, ComboBox, DateField, Select, type Option } from "@/components/Field";
import { Icon } from "@/components/Icon";
import { Loading } from "@/components/Loading";
import { SourceText } from "@/components/SourceText";
import { names } from "@/components/names";
import { visible } from "@/components/visible";
import field from "@/components/Field.module.css";
import styles from "./ScopeBar.module.css";

const SHOWN = 50;
const DEFAULT = "default";

/** Chooses what is looked at: patient or matter, collections, date and purpose. Every feature may show it. */
export const ScopeBar = memo(function ScopeBar() {
  const { t } = useTranslation();
  const scope = useScope();
  return (
    <div className={names(styles.bar, "no-print")} role="group" aria-label={t("ask.scope.title")}>
      <SubjectPicker />
      <CollectionPicker />
      <DateField
        label={t("ask.scope.asOf")}
        value={scope.asOf}
        onChange={(asOf) => {
          changeScope({ asOf });
        }}
      />
      <Select
        label={t("ask.scope.purpose")}
        value={scope.purpose === "" ? DEFAULT : scope.purpose}
        onChange={(value) => {
          changeScope({ purpose: value === DEFAULT ? "" : value });
        }}
        options={[
          { id: DEFAULT, label: t("ask.scope.purposeDefault") },
          ...PURPOSES.map((one) => ({ id: one, label: t(`ask.purposes.${one}`) })),
        ]}
      />
    </div>
  );
});

function SubjectPicker() {
  const { t } = useTranslation();
  const { subject } = useScope();
  const recent = useRecentSubjects();
  const [text, setText] = useState(subject);
  const [shown, setShown] = useState(subject);
  if (shown !== subject) {
    setShown(subject);
    setText(subject);
  }
  const sought = text === subject ? "" : text.trim();
  const { data, isFetching } = useFoundSubjects(sought, SHOWN);
  const name = useSubjectName(subject);
  // Until the answer is there, those of the answer before; what the server found by another form of a name stays.
  const listed = (data?.subjects ?? []).filter((one) => !isFetching || holds(one, data?.names, sought));
  const early = sought === "" ? recent : [];
  const options: Option[] = [
    ...early.map((one) => choiceOf(one, data?.names, t("ask.scope.recent"))),
    ...listed.filter((one) => !early.includes(one)).map((one) => choiceOf(one, data?.names)),
  ];
  const commit = (value: string) => {
    setText(value);
    changeScope({ subject: value.trim() });
  };
  return (
    <ComboBox
      label={t("ask.scope.subject")}
      placeholder={t("ask.scope.nobody")}
      hint={name === subject ? "" : name}
      inputValue={text}
      onInputChange={(value) => {
        setText(value);
        if (value === "") changeScope({ subject: "" });
      }}
      onChoose={commit}
      onCommit={() => {
        if (text.trim() === subject) return;
        // A name that is written out stands for its patient, if there is only one of that name.
        const called = listed.filter((one) => nameOf(one, data?.names).toLocaleLowerCase() === text.trim().toLocaleLowerCase());
        commit(called.length === 1 && called[0] !== undefined ? called[0] : text);
      }}
      options={options}
      empty={isFetching ? t("common.loading") : t("ask.scope.unknown")}
    />
  );
}

function CollectionPicker() {
  const { t } = useTranslation();
  const scope = useScope();
  const chosen = scope.collections;
  return (
    <div className={field.field}>
      <span className={field.label} aria-hidden="true">
        {t("ask.scope.collections")}
      </span>
      <DialogTrigger>
        <AriaButton className={names(field.input, field.choice)}>
          <span className="visually-hidden">{t("ask.scope.collections")}: </span>
          <span className={field.chosen}>
            {chosen.length === 0 ? t("ask.scope.allCollections") : chosen.map(visible).join(", ")}
          </span>
          <Icon name="down" size={16} />
        </AriaButton>
        <Popover className={field.popover} placement="bottom start">
          <Dialog className={styles.collections} aria-label={t("ask.scope.collections")}>
            <Collections />
          </Dialog>
        </Popover>
      </DialogTrigger>
    </div>
  );
}

function Collections() {
  const { t } = useTranslation();
  const scope = useScope();
  const query = scopeQuery({ ...scope, collections: [] });
  const { data, error } = useQuery({
    queryKey: ["collections", query],
    queryFn: ({ signal }) => given(api.GET("/v1/collections", { params: { query }, signal })),
  });
  if (error) return <p>{t("ask.scope.noCollections")}</p>;
  if (data === undefined) return <Loading />;
  // One that is chosen but not there any more can still be taken out.
  const all = [...new Set([...data.collections, ...scope.collections])];
  return (
    <>
      <Checkbox
        label={t("ask.scope.allCollections")}
        checked={scope.collections.length === 0}
        onChange={() => {
          changeScope({ collections: [] });
        }}
      />
      {all.map((one) => (
        <Checkbox
          key={one}
          label={<SourceText text={one} />}
          checked={scope.collections.includes(one)}
          onChange={(checked) => {
            const others = scope.collections.filter((other) => other !== one);
            changeScope({ collections: checked ? [...others, one] : others });
          }}
        />
      ))}
    </>
  );
}
