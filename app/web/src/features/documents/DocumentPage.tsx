import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given, type Schema } from "@/api/client";
import { hasRole, useMe } from "@/api/queries";
import { shownDate, shownNumber } from "@/app/language";
import { scopeQuery, useScope } from "@/app/scope";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Link, LinkButton } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Table, type Column } from "@/components/Table";
import { DatesDialog, LabelsDialog } from "./LabelDialogs";
import { EraseDialog, HoldDialog, ReleaseDialog } from "./KeepingDialogs";
import styles from "./Documents.module.css";

type Filed = Schema<"FiledView">;
type Shown = Schema<"DocumentView">;
type FiledVersion = Filed["versions"][number];
type Open = "labels" | "hold" | "release" | "erase" | FiledVersion | null;

/** A document with its versions, and what those who look after it do with it. */
export default function DocumentPage() {
  const { documentId = "" } = useParams({ strict: false });
  const me = useMe();
  const scope = useScope();
  const keeps = me !== undefined && hasRole(me.roles, ["steward"]);
  const reads = me !== undefined && hasRole(me.roles, ["reader", "professional"]);
  const path = { document_id: documentId };
  const shown = useQuery({
    queryKey: ["document", documentId, scope],
    enabled: reads,
    queryFn: ({ signal }) =>
      given(api.GET("/v1/documents/{document_id}", { params: { path, query: scopeQuery(scope) }, signal })),
  });
  const filed = useQuery({
    queryKey: ["labels", documentId],
    enabled: keeps,
    queryFn: ({ signal }) => given(api.GET("/v1/documents/{document_id}/labels", { params: { path }, signal })),
  });
  const waits = me === undefined || (reads && shown.isPending) || (keeps && filed.isPending);
  if (waits) return <Loading />;
  if (shown.data === undefined && filed.data === undefined) return <Missing error={keeps ? filed.error : shown.error} />;
  return <Document id={documentId} shown={shown.data} filed={filed.data} />;
}

function Missing({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <Page title={t("documents.one")}>
      <ErrorState error={error} action={<LinkButton to="/documents">{t("documents.back")}</LinkButton>} />
    </Page>
  );
}

function Document({ id, shown, filed }: { id: string; shown: Shown | undefined; filed: Filed | undefined }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Open>(null);
  const [erased, setErased] = useState<Schema<"ReceiptView"> | null>(null);
  const close = () => {
    setOpen(null);
  };
  const labels = filed ?? shown;
  if (erased) return <Receipt receipt={erased} />;
  return (
    <Page
      title={shown?.title ?? t("documents.one")}
      lead={<code>{id}</code>}
      actions={
        filed && (
          <>
            <Button icon="draft" onPress={() => { setOpen("labels"); }}>{t("documents.changeLabels")}</Button>
            {filed.hold_id === null && <Button icon="lock" onPress={() => { setOpen("hold"); }}>{t("documents.hold")}</Button>}
            <Button kind="danger" icon="trash" onPress={() => { setOpen("erase"); }}>{t("documents.erase")}</Button>
          </>
        )
      }
    >
      {filed && !shown && <Banner tone="info">{t("documents.noTitle")}</Banner>}
      {filed?.hold_id && (
        <Banner tone="warn" icon="lock">
          {t("documents.heldBy", { id: filed.hold_id })}{" "}
          <Button size="small" onPress={() => { setOpen("release"); }}>{t("documents.release")}</Button>
        </Banner>
      )}
      {labels && <Labels labels={labels} filed={filed} />}
      <Panel title={t("documents.versionsTitle")}>
        <Versions shown={shown} filed={filed} onDates={setOpen} />
      </Panel>
      {filed && open === "labels" && <LabelsDialog filed={filed} onClose={close} />}
      {filed && open === "hold" && <HoldDialog document={id} onClose={close} />}
      {filed?.hold_id && open === "release" && <ReleaseDialog document={id} hold={filed.hold_id} onClose={close} />}
      {filed && open === "erase" && <EraseDialog document={id} onClose={close} onErased={setErased} />}
      {open !== null && typeof open === "object" && <DatesDialog document={id} version={open} onClose={close} />}
    </Page>
  );
}

function Labels({ labels, filed }: { labels: Filed | Shown; filed: Filed | undefined }) {
  const { t } = useTranslation();
  const rows: [string, string][] = [
    [t("documents.labels.collection"), labels.collection],
    [t("documents.labels.subject"), labels.subjects.join(", ") || t("documents.nobody")],
    [t("documents.labels.jurisdiction"), labels.jurisdiction ?? "–"],
    ...(filed
      ? ([
          [t("documents.labels.walls"), filed.walls.join(", ") || "–"],
          [t("documents.labels.sensitivity"), filed.sensitivity],
        ] satisfies [string, string][])
      : []),
  ];
  return (
    <Panel title={t("documents.labelsTitle")}>
      <dl className={styles.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** The name of a file, without the folders on the machine that it came from. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

interface Line {
  id: string;
  path: string | null;
  media_type: string;
  in_force: Schema<"IntervalView">;
  passages: number;
  digest: string;
  filed: FiledVersion | undefined;
}

function Versions({ shown, filed, onDates }: { shown: Shown | undefined; filed: Filed | undefined; onDates: (version: FiledVersion) => void }) {
  const { t } = useTranslation();
  const scope = useScope();
  const paths = new Map(shown?.versions.map((one) => [one.id, one.path]));
  const lines: Line[] = filed
    ? filed.versions.map((one) => ({ ...one, path: paths.get(one.id) ?? null, filed: one }))
    : (shown?.versions ?? []).map((one) => ({ ...one, filed: undefined }));
  const search = scope.subject === "" ? {} : { subject: scope.subject };
  const columns: Column<Line>[] = [
    {
      id: "version",
      title: t("documents.version"),
      heads: true,
      cell: (one) =>
        one.path === null ? (
          <code className={styles.id}>{one.id}</code>
        ) : (
          <Link to={`/sources/${one.id}`} search={search}>
            <SourceText text={nameOf(one.path)} />
          </Link>
        ),
    },
    { id: "from", title: t("documents.labels.effectiveFrom"), cell: (one) => (one.in_force.from === null ? "–" : shownDate(one.in_force.from)) },
    { id: "to", title: t("documents.labels.effectiveTo"), cell: (one) => (one.in_force.to === null ? "–" : shownDate(one.in_force.to)) },
    { id: "type", title: t("documents.type"), cell: (one) => one.media_type },
    { id: "passages", title: t("documents.passages"), numeric: true, cell: (one) => shownNumber(one.passages) },
    { id: "digest", title: "SHA-256", cell: (one) => <code title={one.digest}>{one.digest.slice(0, 12)}…</code> },
  ];
  if (filed) {
    columns.push({
      id: "change",
      title: t("documents.dates"),
      cell: (one) =>
        one.filed && one.filed.state !== "indexing" && (
          <Button
            size="small"
            icon="calendar"
            aria-label={t("documents.correctDatesOf", { id: one.id })}
            onPress={() => {
              if (one.filed) onDates(one.filed);
            }}
          >
            {t("documents.correctDates")}
          </Button>
        ),
    });
  }
  return <Table caption={t("documents.versionsTitle")} captionHidden columns={columns} rows={lines} rowId={(one) => one.id} />;
}

/** What an erasure removed and kept, to be kept or printed: the document itself is gone. */
function Receipt({ receipt }: { receipt: Schema<"ReceiptView"> }) {
  const { t } = useTranslation();
  return (
    <Page title={t("documents.receipt")} lead={<code>{receipt.id}</code>} actions={<Button icon="print" onPress={() => { window.print(); }}>{t("documents.print")}</Button>}>
      <Panel title={t("documents.removed")}>
        <Removed plan={receipt} />
        <p>{t("documents.traces", { count: Object.values(receipt.traces).reduce((sum, one) => sum + one, 0) })}</p>
        <LinkButton to="/documents">{t("documents.back")}</LinkButton>
      </Panel>
    </Page>
  );
}

export function Removed({ plan }: { plan: Schema<"PlanView"> | Schema<"ReceiptView"> }) {
  const { t } = useTranslation();
  return (
    <>
      <ul>
        <li>{t("documents.erasedDocuments", { count: plan.documents.length })}</li>
        <li>{t("documents.erasedVersions", { count: plan.versions.length })}</li>
        <li>{t("documents.erasedPassages", { count: plan.passages })}</li>
        <li>{t("documents.erasedOriginals", { count: plan.originals.length })}</li>
      </ul>
      {plan.kept.length > 0 && (
        <>
          <h3>{t("documents.kept")}</h3>
          <ul>
            {plan.kept.map((one) => (
              <li key={one.document_id}>
                <code>{one.document_id}</code>: {t(`documents.because.${one.because}`)}
                {one.hold_id && <> <code>{one.hold_id}</code></>}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
