import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { shownNumber } from "@/app/language";
import { Badge } from "@/components/Badge";
import { Banner } from "@/components/Banner";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Checkbox, TextField } from "@/components/Field";
import { Loading } from "@/components/Loading";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Table } from "@/components/Table";
import { configuration } from "./queries";
import { found } from "./shown";
import styles from "./Settings.module.css";

/** Every setting as it is in force, where it comes from and what it means. Secrets never leave the server. */
export function Configuration() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(configuration);
  const [search, setSearch] = useState("");
  const [onlyChanged, setOnlyChanged] = useState(false);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const rows = found(data.settings, search, onlyChanged);
  return (
    <Panel title={t("settings.configuration")}>
      <p>{t("settings.configurationHelp")}</p>
      {data.problems.map((problem) => (
        <Banner key={`${problem.setting} ${problem.message}`} tone={problem.severity === "error" ? "bad" : "warn"}>
          <code>{problem.setting}</code> <span lang="en">{problem.message}. {problem.way_out}</span>
        </Banner>
      ))}
      <div className={styles.form}>
        <TextField type="search" label={t("settings.search")} value={search} onChange={setSearch} />
        <Checkbox label={t("settings.onlyChanged")} checked={onlyChanged} onChange={setOnlyChanged} />
      </div>
      <p role="status" className={styles.count}>
        {t("settings.count", { n: shownNumber(rows.length), of: shownNumber(data.settings.length) })}
      </p>
      {rows.length === 0 ? (
        <EmptyState title={t("settings.noSetting")} />
      ) : (
        <Table
          caption={t("settings.configuration")}
          captionHidden
          rows={rows}
          rowId={(one) => one.name}
          columns={[
            {
              id: "name",
              title: t("settings.name"),
              heads: true,
              cell: (one) => (
                <>
                  <code>{one.name}</code>
                  <p className={styles.meaning} lang="en">
                    {one.meaning}
                  </p>
                </>
              ),
            },
            { id: "value", title: t("settings.value"), cell: (one) => <SourceText text={one.value} /> },
            {
              id: "source",
              title: t("settings.source"),
              cell: (one) => <Badge tone={one.source === "default" ? "neutral" : "info"}>{t(`settings.sources.${one.source}`)}</Badge>,
            },
          ]}
        />
      )}
    </Panel>
  );
}
