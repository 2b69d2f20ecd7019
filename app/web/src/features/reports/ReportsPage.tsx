import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Banner } from "@/components/Banner";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Link } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { Table, type Column } from "@/components/Table";
import type { Batch } from "./logic";
import { NewBatch } from "./NewBatch";
import { batches, templates } from "./queries";
import { StateBadge } from "./StateBadge";

export default function ReportsPage() {
  const { t } = useTranslation();
  const known = useQuery(templates);
  const mine = useQuery(batches);
  const valid = known.data?.templates.filter((one) => one.invalid == null) ?? [];
  const broken = known.data?.templates.filter((one) => one.invalid != null) ?? [];
  return (
    <Page title={t("reports.title")} lead={t("reports.lead")}>
      <Panel title={t("reports.new")}>
        {known.isPending && <Loading />}
        {known.isError && <ErrorState error={known.error} onRetry={() => void known.refetch()} />}
        {valid.length > 0 && <NewBatch templates={valid} />}
        {broken.map((one) => (
          <Banner key={one.name} tone="warn">
            <bdi>{one.name}</bdi>: <bdi>{one.invalid}</bdi>
          </Banner>
        ))}
      </Panel>
      <Panel title={t("reports.batches")}>
        {mine.isPending && <Loading />}
        {mine.isError && <ErrorState error={mine.error} onRetry={() => void mine.refetch()} />}
        {mine.data?.reports.length === 0 && <EmptyState title={t("reports.none")}>{t("reports.noneHelp")}</EmptyState>}
        {mine.data && mine.data.reports.length > 0 && <Batches rows={mine.data.reports} />}
      </Panel>
    </Page>
  );
}

function Batches({ rows }: { rows: readonly Batch[] }) {
  const { t, i18n } = useTranslation();
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const columns: Column<Batch>[] = [
    {
      id: "title",
      title: t("reports.template"),
      heads: true,
      cell: (row) => (
        <Link to={`/reports/${row.id}`}>
          <bdi>{row.title}</bdi>
        </Link>
      ),
    },
    { id: "created", title: t("reports.ordered"), cell: (row) => when.format(new Date(row.created_at)) },
    { id: "asOf", title: t("reports.asOf"), cell: (row) => row.as_of },
    { id: "state", title: t("reports.state"), cell: (row) => <StateBadge state={row.state} aside={row.aside} /> },
    { id: "made", title: t("reports.made"), numeric: true, cell: (row) => `${row.done} / ${row.items}` },
    { id: "aside", title: t("reports.failed"), numeric: true, cell: (row) => row.aside },
  ];
  return <Table caption={t("reports.batches")} captionHidden columns={columns} rows={rows} rowId={(row) => row.id} />;
}
