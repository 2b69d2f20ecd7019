import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Select } from "@/components/Field";
import { Loading } from "@/components/Loading";
import { names } from "@/components/names";
import { SourceText } from "@/components/SourceText";
import { changesQuery, versionsQuery, type Changes, type Outline, type SourceScope } from "./queries";
import { useInForce } from "./InForce";
import styles from "./sources.module.css";

type Change = Changes["changes"][number];

/** What changed from another version to this one: inline or side by side, never told by colour alone. */
export function ChangesView({ outline, scope, onGo }: { outline: Outline; scope: SourceScope; onGo: (span: { start: number; end: number }) => void }) {
  const { t } = useTranslation();
  const inForce = useInForce();
  const versions = useQuery(versionsQuery(outline.document_id, scope));
  const [chosen, setChosen] = useState<string | null>(null);
  const [look, setLook] = useState("inline");
  const other = chosen ?? outline.previous?.id ?? outline.next?.id;
  const others = (versions.data?.versions ?? []).filter((one) => one.id !== outline.id);
  if (other === undefined) return <EmptyState title={t("sources.onlyVersion")}>{t("sources.onlyVersionHelp")}</EmptyState>;
  return (
    <div className={styles.changes}>
      <div className={names(styles.bar, "no-print")}>
        <Select
          label={t("sources.compareWith")}
          value={other}
          onChange={setChosen}
          options={others.map((one) => ({ id: one.id, label: inForce(one.in_force) }))}
        />
        <Select
          label={t("sources.look")}
          value={look}
          onChange={setLook}
          options={[
            { id: "inline", label: t("sources.inline") },
            { id: "beside", label: t("sources.beside") },
          ]}
        />
      </div>
      {versions.error && <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />}
      <Compared key={other} outline={outline} scope={scope} other={other} beside={look === "beside"} onGo={onGo} />
    </div>
  );
}

function Compared({
  outline,
  scope,
  other,
  beside,
  onGo,
}: {
  outline: Outline;
  scope: SourceScope;
  other: string;
  beside: boolean;
  onGo: (span: { start: number; end: number }) => void;
}) {
  const { t } = useTranslation();
  const inForce = useInForce();
  const { data, error, refetch } = useQuery(changesQuery(outline.id, other, scope));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading label={t("sources.comparing")} />;
  const notes = (
    <>
      {data.more > 0 && <p className={styles.muted}>{t("sources.moreChanges", { count: data.more })}</p>}
      {data.kept_back > 0 && <p className={styles.muted}>{t("sources.changesKeptBack", { count: data.kept_back })}</p>}
    </>
  );
  if (data.changes.length === 0) {
    return (
      <>
        <EmptyState title={t("sources.nothingChanged")}>{t("sources.nothingChangedHelp")}</EmptyState>
        {notes}
      </>
    );
  }
  return (
    <>
      <p className={styles.legend}>
        {t("sources.changesFrom", { before: inForce(data.before.in_force), after: inForce(data.after.in_force) })}{" "}
        <del className={styles.removed}>{t("sources.removed")}</del> <ins className={styles.added}>{t("sources.added")}</ins>
      </p>
      <ol className={styles.changeList}>
        {data.changes.map((change, index) => (
          <li key={index} className={styles.change}>
            <header className={styles.changeHead}>
              <h3>
                <SourceText text={change.citation ?? (change.section.at(-1) || t("sources.wholeText"))} />
              </h3>
              <span className={styles.kind}>{t(`sources.kinds.${change.kind}`)}</span>
              {change.after && (
                <Button
                  size="small"
                  kind="quiet"
                  onPress={() => {
                    if (change.after) onGo(change.after);
                  }}
                >
                  {t("sources.showInText")}
                </Button>
              )}
            </header>
            {beside ? <Beside change={change} /> : <Inline change={change} />}
          </li>
        ))}
      </ol>
      {notes}
    </>
  );
}

function Inline({ change }: { change: Change }) {
  return (
    <p className={styles.sentence}>
      {change.pieces.map((piece, index) => (
        <Words key={index} kind={piece.kind} text={piece.text} />
      ))}
    </p>
  );
}

function Beside({ change }: { change: Change }) {
  const { t } = useTranslation();
  const side = (leftOut: "added" | "removed", label: string, empty: boolean) => (
    <div className={styles.side}>
      <span className={styles.sideLabel}>{label}</span>
      <p className={styles.sentence}>
        {empty ? <span className={styles.muted}>{t("sources.notThere")}</span> : null}
        {change.pieces
          .filter((piece) => piece.kind !== leftOut)
          .map((piece, index) => (
            <Words key={index} kind={piece.kind} text={piece.text} />
          ))}
      </p>
    </div>
  );
  return (
    <div className={styles.sides}>
      {side("added", t("sources.before"), change.before === null)}
      {side("removed", t("sources.after"), change.after === null)}
    </div>
  );
}

function Words({ kind, text }: { kind: "same" | "removed" | "added"; text: string }) {
  const { t } = useTranslation();
  if (kind === "same") return <SourceText text={text} />;
  const Mark = kind === "added" ? "ins" : "del";
  return (
    <Mark className={styles[kind]}>
      <span className="visually-hidden">{t(kind === "added" ? "sources.addedWords" : "sources.removedWords")} </span>
      <SourceText text={text} />
    </Mark>
  );
}
