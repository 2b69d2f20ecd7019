import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeScope, useRecentSubjects } from "@/app/scope";
import { holds, useSubjects } from "@/app/subjects";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { TextField } from "@/components/Field";
import { Link } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import styles from "./records.module.css";

const MOST = 50;

/** The patients or matters that somebody may see: those of before, and all, by name. */
export function SubjectsPage({ kind }: { kind: "charts" | "matters" }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useSubjects();
  const recent = useRecentSubjects();
  const [words, setWords] = useState("");
  const [most, setMost] = useState(MOST);
  const every = data?.subjects ?? [];
  const known = data?.names ?? {};
  const matching = every.filter((one) => holds(one, known, words));
  const again = recent.filter((one) => every.includes(one));
  return (
    <Page title={t(`records.${kind}`)} lead={t(`records.${kind}Lead`)}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && every.length === 0 && <EmptyState title={t("records.none")}>{t("records.noneHelp")}</EmptyState>}
      {again.length > 0 && (
        <Panel title={t("records.recent")}>
          <Names kind={kind} ids={again} known={known} />
        </Panel>
      )}
      {every.length > 0 && (
        <Panel title={t("records.all")}>
          <TextField label={t("records.find")} value={words} onChange={setWords} type="search" className={styles.narrow ?? ""} />
          <p role="status" className={styles.muted}>
            {t("records.matching", { count: matching.length })}
          </p>
          <Names kind={kind} ids={matching.slice(0, most)} known={known} />
          {matching.length > most && (
            <div>
              <Button
                onPress={() => {
                  setMost(most + MOST);
                }}
              >
                {t("records.moreRows", { count: Math.min(MOST, matching.length - most) })}
              </Button>
            </div>
          )}
          {data?.next && <p className={styles.muted}>{t("records.moreThanListed")}</p>}
        </Panel>
      )}
    </Page>
  );
}

function Names({
  kind,
  ids,
  known,
}: {
  kind: "charts" | "matters";
  ids: readonly string[];
  known: Readonly<Record<string, string>>;
}) {
  return (
    <ul className={styles.names}>
      {ids.map((one) => (
        <li key={one}>
          {/* Choosing somebody here is choosing whom the next question is about. */}
          <span
            onClickCapture={() => {
              changeScope({ subject: one });
            }}
          >
            <Link to={`/${kind}/${encodeURIComponent(one)}`}>
              <SourceText text={known[one] ?? one} />
              {known[one] !== undefined && (
                <small className={styles.number}>
                  <SourceText text={one} />
                </small>
              )}
            </Link>
          </span>
        </li>
      ))}
    </ul>
  );
}
