import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given } from "@/api/client";
import { PURPOSES } from "@/app/scope";
import { Banner } from "@/components/Banner";
import { ErrorState } from "@/components/ErrorState";
import { DateField, Select } from "@/components/Field";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { Breakdown, Figures, Plots } from "./Figures";
import { bucketOf, isSound, lastDays, OPERATIONS, queryOf, STATUSES, type Filters } from "./filters";
import { OperationsTable } from "./OperationsTable";
import styles from "./Activity.module.css";

const AGAIN_MS = 1500;

export default function ActivityPage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useState<Filters>(() => lastDays(Date.now()));
  const sound = isSound(filters);
  const query = queryOf({ ...filters, status: "" }); // rates are over every outcome
  const bucket = bucketOf(filters);
  const statistics = useQuery({
    queryKey: ["statistics", query, bucket],
    queryFn: ({ signal }) => given(api.GET("/v1/statistics", { params: { query: { ...query, bucket } }, signal })),
    enabled: sound,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.behind ? AGAIN_MS : false),
  });
  return (
    <Page title={t("activity.title")} lead={t("activity.lead")} wide>
      <FilterBar filters={filters} onChange={setFilters} />
      {!sound && <Banner tone="warn">{t("activity.unsound")}</Banner>}
      {statistics.error && <ErrorState error={statistics.error} onRetry={() => void statistics.refetch()} />}
      {statistics.isLoading && <Loading />}
      {statistics.data && !statistics.error && (
        <>
          {statistics.data.behind && (
            <Banner role="status">{t("activity.behind")}</Banner>
          )}
          <Figures statistics={statistics.data} />
          <Panel title={t("activity.overTime")}>
            <Plots statistics={statistics.data} />
          </Panel>
          <Panel title={t("activity.each")}>
            <OperationsTable filters={filters} />
          </Panel>
          <Panel title={t("activity.by")}>
            <Breakdown statistics={statistics.data} />
          </Panel>
        </>
      )}
    </Page>
  );
}

function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { t } = useTranslation();
  const all = { id: "", label: t("common.all") };
  const change = (some: Partial<Filters>) => {
    onChange({ ...filters, ...some });
  };
  return (
    <section className={styles.filters} aria-label={t("activity.filters")}>
      <DateField label={t("activity.from")} value={filters.from} max={filters.to} onChange={(from) => { change({ from }); }} />
      <DateField label={t("activity.to")} value={filters.to} min={filters.from} onChange={(to) => { change({ to }); }} />
      <Select
        label={t("activity.operation")}
        value={filters.operation}
        onChange={(operation) => { change({ operation }); }}
        options={[all, ...OPERATIONS.map((one) => ({ id: one, label: t(`activity.operations.${one}`) }))]}
      />
      <Select
        label={t("activity.purpose")}
        value={filters.purpose}
        onChange={(purpose) => { change({ purpose }); }}
        options={[all, ...PURPOSES.map((one) => ({ id: one, label: t(`activity.purposes.${one}`) }))]}
      />
      <Select
        label={t("activity.status")}
        hint={t("activity.statusHint")}
        value={filters.status}
        onChange={(status) => { change({ status }); }}
        options={[all, ...STATUSES.map((one) => ({ id: one, label: t(`activity.statuses.${one}`) }))]}
      />
    </section>
  );
}
