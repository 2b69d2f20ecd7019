import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { shownDate, shownNumber } from "@/app/language";
import { ErrorState } from "@/components/ErrorState";
import { Select } from "@/components/Field";
import { LinkButton } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Bars } from "./Bars";
import { Compared } from "./Compared";
import { CurvePlot } from "./CurvePlot";
import { comparable, groupsOf, type Evaluation } from "./figures";
import { evaluation, evaluations } from "./queries";
import styles from "./Evaluations.module.css";

export default function EvaluationPage() {
  const { t } = useTranslation();
  const { evaluationId = "" } = useParams({ strict: false });
  const { data, error, refetch, isLoading } = useQuery(evaluation(evaluationId));
  const title = data
    ? t("evaluations.of", { suite: data.suite, at: shownDate(data.started, { dateStyle: "medium", timeStyle: "short" }) })
    : t("evaluations.title");
  return (
    <Page
      title={title}
      lead={data && t("evaluations.about", { n: shownNumber(data.cases), seconds: shownNumber(data.seconds) })}
      actions={
        <LinkButton to="/evaluations" icon="left" kind="quiet">
          {t("evaluations.back")}
        </LinkButton>
      }
    >
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {isLoading && <Loading />}
      {data && <Shown report={data} />}
    </Page>
  );
}

function Shown({ report }: { report: Evaluation }) {
  const { t } = useTranslation();
  const [against, setAgainst] = useState("");
  const others = comparable(report, useQuery(evaluations).data?.evaluations ?? []);
  const main = report.figures.filter((figure) => report.main.includes(figure.name));
  const rest = report.figures.filter((figure) => !report.main.includes(figure.name));
  return (
    <>
      {main.length > 0 && (
        <Panel title={t("evaluations.main")}>
          {groupsOf(main).map((group) => (
            <Bars key={group.key} caption={t("evaluations.main")} figures={group.figures} />
          ))}
        </Panel>
      )}
      {others.length > 0 && (
        <Panel title={t("evaluations.compare")}>
          <Select
            label={t("evaluations.against")}
            value={against}
            onChange={setAgainst}
            options={[
              { id: "", label: t("common.none") },
              ...others.map((one) => ({ id: one.id, label: shownDate(one.started, { dateStyle: "medium", timeStyle: "short" }), note: one.id })),
            ]}
          />
          {against !== "" && <Compared id={report.id} against={against} />}
        </Panel>
      )}
      {report.curves.length > 0 && (
        <Panel title={t("evaluations.curves")}>
          <div className={styles.curves}>
            {report.curves.map((curve) => (
              <CurvePlot key={curve.name} curve={curve} />
            ))}
          </div>
        </Panel>
      )}
      {rest.length > 0 && (
        <Panel title={t("evaluations.all")}>
          {groupsOf(rest).map((group) => (
            <Bars key={group.key} caption={group.key === "share" ? t("evaluations.all") : group.key} figures={group.figures} />
          ))}
        </Panel>
      )}
      <Origin report={report} />
    </>
  );
}

function Origin({ report }: { report: Evaluation }) {
  const { t } = useTranslation();
  const facts = [
    ["dataset", report.dataset],
    ["dataset_digest", report.dataset_digest],
    ["product", report.product],
    ["seed", String(report.seed)],
    ...Object.entries(report.configuration),
    ...Object.entries(report.models),
    ...Object.entries(report.machine),
  ] as const;
  return (
    <Panel title={t("evaluations.origin")}>
      <dl className={styles.origin}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <SourceText text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
