import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { shownDate, shownNumber } from "@/app/language";
import { Banner } from "@/components/Banner";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Link } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { SourceText } from "@/components/SourceText";
import { Table } from "@/components/Table";
import { shownFigure } from "./Bars";
import { evaluations } from "./queries";
import styles from "./Evaluations.module.css";

export default function EvaluationsPage() {
  const { t } = useTranslation();
  const { data, error, refetch, isLoading } = useQuery(evaluations);
  return (
    <Page title={t("evaluations.title")} lead={t("evaluations.lead")}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {isLoading && <Loading />}
      {data && data.unreadable.length > 0 && (
        <Banner tone="warn">
          {t("evaluations.unreadable")} <SourceText text={data.unreadable.join(", ")} />
        </Banner>
      )}
      {data?.evaluations.length === 0 && (
        <EmptyState title={t("evaluations.empty")}>
          {t("evaluations.emptyHelp")} <code>consilium evaluate answers</code>
        </EmptyState>
      )}
      {data && data.evaluations.length > 0 && (
        <Table
          caption={t("evaluations.runs")}
          captionHidden
          rows={data.evaluations}
          rowId={(one) => one.id}
          columns={[
            {
              id: "suite",
              title: t("evaluations.run"),
              heads: true,
              cell: (one) => (
                <Link to={`/evaluations/${encodeURIComponent(one.id)}`}>
                  {t("evaluations.of", { suite: one.suite, at: shownDate(one.started, { dateStyle: "medium", timeStyle: "short" }) })}
                </Link>
              ),
            },
            { id: "dataset", title: t("evaluations.dataset"), cell: (one) => <SourceText text={one.dataset} /> },
            { id: "cases", title: t("evaluations.cases"), numeric: true, cell: (one) => shownNumber(one.cases) },
            {
              id: "figures",
              title: t("evaluations.main"),
              cell: (one) => (
                <ul className={styles.main}>
                  {one.figures.map((figure) => (
                    <li key={figure.name}>
                      <code>{figure.name}</code> {shownFigure(figure.value, figure.unit)}
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
        />
      )}
    </Page>
  );
}
