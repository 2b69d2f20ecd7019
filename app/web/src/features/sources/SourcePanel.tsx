import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { Badge } from "@/components/Badge";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { SourceText } from "@/components/SourceText";
import { shownDate } from "@/app/language";
import { fileName } from "./address";
import { covers } from "./dates";
import { useInForce } from "./InForce";
import { outlineQuery, passageQuery, sourceScope, type Outline, type SourceScope } from "./queries";
import { Reading } from "./Reading";
import styles from "./sources.module.css";

export interface SourcePanelProps {
  versionId: string;
  /** The span of the quote, in code points of the version's canonical text. */
  start?: number;
  end?: number;
  /** The patient or matter, and the day; those of the scope where they are left out. */
  subject?: string;
  asOf?: string;
  /** The passage of the quote: it can be shown alone where the rest of its document may not be seen. */
  passageId?: string;
  /** Called to show another version; without it the panel shows it itself. */
  onVersion?: (versionId: string) => void;
  /** For beside an answer: no outline at its side. */
  narrow?: boolean;
  /** Further things to do, such as closing the panel. */
  actions?: ReactNode;
}

/** A version of a document, opened at the exact words of a quote. */
export function SourcePanel({ versionId, start, end, onVersion, ...rest }: SourcePanelProps) {
  const [own, setOwn] = useState<{ of: string; shows: string } | null>(null);
  const shown = own?.of === versionId ? own.shows : versionId;
  const mark = start !== undefined && end !== undefined && shown === versionId ? { start, end } : undefined;
  return (
    <Version
      key={`${shown} ${mark?.start} ${mark?.end}`}
      {...rest}
      versionId={shown}
      mark={mark}
      onVersion={
        onVersion ??
        ((other) => {
          setOwn({ of: versionId, shows: other });
        })
      }
    />
  );
}

function Version({
  versionId,
  mark,
  subject,
  asOf,
  passageId,
  onVersion,
  narrow = false,
  actions,
}: Omit<SourcePanelProps, "start" | "end"> & { mark: { start: number; end: number } | undefined; onVersion: (id: string) => void }) {
  const { t } = useTranslation();
  const scope = sourceScope(subject, asOf);
  const { data, error, refetch } = useQuery(outlineQuery(versionId, scope));
  if (error) {
    const missing = asProblem(error).code === "request.not_found";
    if (missing && passageId) return <PassageAlone passageId={passageId} mark={mark} scope={scope} actions={actions} />;
    if (missing) {
      return (
        <EmptyState title={t("sources.missing")} action={actions}>
          {t(scope.subject ? "sources.missingHelp" : "sources.missingSubject")}
        </EmptyState>
      );
    }
    return <ErrorState error={error} onRetry={() => void refetch()} action={actions} />;
  }
  if (data === undefined) return <Loading label={t("sources.opening")} />;
  return (
    <article className={styles.panel}>
      <Head outline={data} asOf={scope.as_of} onVersion={onVersion} actions={actions} />
      <Reading outline={data} scope={scope} mark={mark} narrow={narrow} />
    </article>
  );
}

function Head({ outline, asOf, onVersion, actions }: { outline: Outline; asOf: string | undefined; onVersion: (id: string) => void; actions: ReactNode }) {
  const { t } = useTranslation();
  const inForce = useInForce();
  const day = asOf ?? new Date().toISOString().slice(0, 10);
  const other = (to: Outline["previous"], icon: "left" | "right", text: string) => (
    <Button
      size="small"
      icon={icon}
      isDisabled={!to}
      onPress={() => {
        if (to) onVersion(to.id);
      }}
    >
      {text}
    </Button>
  );
  return (
    <header className={styles.head}>
      <div className={styles.titles}>
        <h2>
          <SourceText text={outline.title} />
        </h2>
        <p className={styles.facts}>
          <Badge icon="calendar">{inForce(outline.in_force)}</Badge>
          <Badge icon="history">{t("sources.versionOf", { number: outline.number, count: outline.count })}</Badge>
          <span className={styles.muted}>
            <SourceText text={fileName(outline.path)} />
          </span>
        </p>
      </div>
      <div className={`${styles.headActions} no-print`}>
        {outline.count > 1 && other(outline.previous, "left", t("sources.previous"))}
        {outline.count > 1 && other(outline.next, "right", t("sources.next"))}
        {actions}
      </div>
      {!covers(outline.in_force, day) && (
        <div className={styles.wide}>
          <Banner tone="warn">{t("sources.notInForce", { day: shownDate(day) })}</Banner>
        </div>
      )}
    </header>
  );
}

/** The quoted passage, where the document around it is also about somebody who is not in the scope. */
function PassageAlone({
  passageId,
  mark,
  scope,
  actions,
}: {
  passageId: string;
  mark: { start: number; end: number } | undefined;
  scope: SourceScope;
  actions: ReactNode;
}) {
  const { t } = useTranslation();
  const inForce = useInForce();
  const { data, error } = useQuery(passageQuery(passageId, scope));
  if (error) {
    return (
      <EmptyState title={t("sources.missing")} action={actions}>
        {t(scope.subject ? "sources.missingHelp" : "sources.missingSubject")}
      </EmptyState>
    );
  }
  if (data === undefined) return <Loading label={t("sources.opening")} />;
  const plain = Object.keys(data.redactions).length === 0;
  const highlight = mark && plain ? { start: mark.start - data.start, end: mark.end - data.start } : undefined;
  return (
    <article className={styles.panel}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2>
            <SourceText text={data.title} />
          </h2>
          <p className={styles.facts}>
            <Badge icon="calendar">{inForce(data.in_force)}</Badge>
            <span className={styles.muted}>
              <SourceText text={data.section.join(" › ")} />
            </span>
          </p>
        </div>
        <div className={styles.headActions}>{actions}</div>
      </header>
      <Banner tone="info">{t("sources.passageAlone")}</Banner>
      <blockquote className={styles.alone}>
        <SourceText text={data.text} block {...(highlight ? { highlight } : {})} />
      </blockquote>
    </article>
  );
}
