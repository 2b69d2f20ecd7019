import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLit } from "@/app/lit";
import { useScope } from "@/app/scope";
import { Badge } from "@/components/Badge";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Checkbox, Select } from "@/components/Field";
import { Loading } from "@/components/Loading";
import { names } from "@/components/names";
import { SourceText } from "@/components/SourceText";
import { Source } from "./Frame";
import { litIn } from "./places";
import { clausesOf, type ClausePair, type Clauses, type Matter } from "./queries";
import { changes } from "./words";
import styles from "./records.module.css";

const TONES = { same: "good", changed: "warn", left: "bad", right: "info" } as const;

/** Two versions, of one document or of two, clause by clause. */
export function ClausesPanel({ matter }: { matter: Matter }) {
  const { t } = useTranslation();
  const scope = useScope();
  const options = matter.documents.flatMap((document) =>
    document.versions.map((version) => ({
      id: version.id,
      label: `${document.title} (${t("records.between", { from: version.in_force.from ?? "…", to: version.in_force.to ?? "…" })})`,
      note: version.path,
    })),
  );
  const pair = first(matter);
  const [left, setLeft] = useState(pair[0]);
  const [right, setRight] = useState(pair[1]);
  const [differing, setDiffering] = useState(false);
  const { data, error, refetch } = useQuery({
    ...clausesOf(matter.subject, left, right, scope),
    enabled: left !== "" && right !== "",
  });
  if (options.length < 2) return <EmptyState title={t("records.oneVersion")}>{t("records.oneVersionHelp")}</EmptyState>;
  const shown = data?.clauses.filter((one) => !differing || one.state !== "same") ?? [];
  return (
    <>
      <div className={styles.choice}>
        <Select label={t("records.left")} value={left} onChange={setLeft} options={options} />
        <Select label={t("records.right")} value={right} onChange={setRight} options={options} />
      </div>
      <Checkbox label={t("records.onlyChanges")} checked={differing} onChange={setDiffering} />
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          <p role="status" className={styles.muted}>
            {t("records.clauseCount", { count: data.clauses.length, changed: data.clauses.filter((one) => one.state !== "same").length })}
          </p>
          <div>
            {shown.map((one, index) => (
              <Pair key={index} pair={one} clauses={data} subject={matter.subject} />
            ))}
          </div>
        </>
      )}
    </>
  );
}

function Pair({ pair, clauses, subject }: { pair: ClausePair; clauses: Clauses; subject: string }) {
  const { t } = useTranslation();
  const heading = pair.right?.heading ?? pair.left?.heading ?? "";
  const pieces = pair.state === "changed" ? changes(pair.left?.text ?? "", pair.right?.text ?? "") : null;
  return (
    <section className={styles.clause} aria-label={heading}>
      <h3>
        <SourceText text={heading} /> <Badge tone={TONES[pair.state]}>{t(`records.clause.${pair.state}`)}</Badge>
      </h3>
      <div className={styles.sides}>
        {(["left", "right"] as const).map((side) => (
          <Side key={side} side={side} pair={pair} clauses={clauses} subject={subject} pieces={pieces} />
        ))}
      </div>
    </section>
  );
}

function Side({
  side,
  pair,
  clauses,
  subject,
  pieces,
}: {
  side: "left" | "right";
  pair: ClausePair;
  clauses: Clauses;
  subject: string;
  pieces: ReturnType<typeof changes> | null;
}) {
  const { t } = useTranslation();
  const lit = useLit();
  const clause = pair[side];
  const hidden = side === "left" ? "added" : "removed";
  if (!clause)
    return (
      <div className={styles.side}>
        <p className={styles.muted}>{t("records.notThere")}</p>
      </div>
    );
  const place = { version_id: clauses[side].version_id, start: clause.start, end: clause.end };
  return (
    <div className={names(styles.side, litIn(place, lit).length > 0 && styles.lit)}>
      <p className={styles.text} dir="auto">
        {pieces
          ? pieces
              .filter((one) => one.kind !== hidden)
              .map((one, index) =>
                one.kind === "same" ? (
                  <SourceText key={index} text={one.text} />
                ) : one.kind === "added" ? (
                  <ins key={index}>
                    <SourceText text={one.text} />
                  </ins>
                ) : (
                  <del key={index}>
                    <SourceText text={one.text} />
                  </del>
                ),
              )
          : <SourceText text={clause.text} />}
      </p>
      <Source place={place} subject={subject} name={`${clauses[side].title}, ${clause.heading}`} />
    </div>
  );
}

/** Returns the versions to begin with: two of one document where there are, else a contract and its amendment. */
function first(matter: Matter): [string, string] {
  const several = matter.documents.find((one) => one.versions.length > 1)?.versions;
  const ids = several
    ? [several.at(-2)?.id, several.at(-1)?.id]
    : [...matter.documents]
        .sort((a, b) => rank(a.kind) - rank(b.kind))
        .slice(0, 2)
        .map((one) => one.version_id);
  return [ids[0] ?? "", ids[1] ?? ids[0] ?? ""];
}

function rank(kind: string): number {
  const place = ["agreement", "lease", "nda", "amendment"].indexOf(kind);
  return place === -1 ? 99 : place;
}
