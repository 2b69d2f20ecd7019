import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useMe } from "@/api/queries";
import { shownDate } from "@/app/language";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Link, LinkButton } from "@/components/Link";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Table } from "@/components/Table";
import { isAssistantFile } from "./design";
import { designs, mayAsk, mayEdit, takeIn, usable, useAssistantChange } from "./queries";
import styles from "./assistants.module.css";

export default function AssistantsPage() {
  const { t } = useTranslation();
  const who = useMe();
  if (who === undefined) return <Loading />;
  return (
    <Page title={t("assistants.title")} lead={t("assistants.lead")}>
      {mayAsk(who.roles) && <Ready />}
      {mayEdit(who.roles) && <All />}
    </Page>
  );
}

function Ready() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(usable);
  return (
    <section aria-labelledby="ready" className={styles.section}>
      <h2 id="ready">{t("assistants.ready")}</h2>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading />
      ) : data.assistants.length === 0 ? (
        <EmptyState title={t("assistants.noneReady")}>{t("assistants.noneReadyHelp")}</EmptyState>
      ) : (
        <ul className={styles.cards}>
          {data.assistants.map((one) => (
            <li key={one.id}>
              <Card assistant={one} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Card({ assistant }: { assistant: Schema<"UsableAssistantView"> }) {
  const { t } = useTranslation();
  return (
    <Panel level={3} title={<SourceText text={assistant.title} />}>
      {assistant.description && (
        <p>
          <SourceText text={assistant.description} />
        </p>
      )}
      <p className={styles.facts}>
        {t("assistants.version", { version: assistant.version })}
        {" · "}
        {assistant.collections.length === 0 ? t("assistants.allCollections") : t("assistants.only")}{" "}
        {assistant.collections.map((name) => (
          <Badge key={name}>
            <SourceText text={name} />
          </Badge>
        ))}
      </p>
      {assistant.starters.length > 0 && (
        <ul className={styles.starters} aria-label={t("assistants.starters")}>
          {assistant.starters.map((text, index) => (
            <li key={text}>
              <Link to="/ask" search={{ assistant: assistant.id, starter: index }}>
                <SourceText text={text} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <div>
        <LinkButton to="/ask" search={{ assistant: assistant.id }} icon="ask" kind="primary">
          {t("assistants.use")}
        </LinkButton>
      </div>
    </Panel>
  );
}

function All() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(designs);
  const rows = data?.assistants ?? [];
  return (
    <section aria-labelledby="all" className={styles.section}>
      <div className={styles.bar}>
        <h2 id="all">{t("assistants.all")}</h2>
        <div className={styles.actions}>
          <Import />
          <LinkButton to="/assistants/new" icon="plus" kind="primary">
            {t("assistants.new")}
          </LinkButton>
        </div>
      </div>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading />
      ) : rows.length === 0 ? (
        <EmptyState title={t("assistants.none")}>{t("assistants.noneHelp")}</EmptyState>
      ) : (
        <Table
          caption={t("assistants.all")}
          captionHidden
          rowId={(one) => one.id}
          rows={rows}
          columns={[
            {
              id: "title",
              title: t("assistants.fields.title"),
              heads: true,
              cell: (one) => (
                <Link to={`/assistants/${one.id}`}>
                  <SourceText text={one.latest.design.title} />
                </Link>
              ),
            },
            { id: "name", title: t("assistants.fields.name"), cell: (one) => <code>{one.name}</code> },
            { id: "version", title: t("assistants.newest"), numeric: true, cell: (one) => one.latest.version },
            { id: "state", title: t("assistants.published"), cell: (one) => <State assistant={one} /> },
            { id: "at", title: t("assistants.changed"), cell: (one) => shownDate(one.latest.created_at) },
          ]}
        />
      )}
    </section>
  );
}

export function State({ assistant }: { assistant: Schema<"AssistantView"> }) {
  const { t } = useTranslation();
  const published = assistant.published;
  if (published === null) return <Badge>{t("assistants.notPublished")}</Badge>;
  const where = [published.client && t("assistants.inClient"), published.model && t("assistants.asModel")].filter(Boolean);
  return (
    <Badge tone="good" icon="good">
      {t("assistants.version", { version: published.version })}: {where.join(", ")}
    </Badge>
  );
}

function Import() {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const [wrong, setWrong] = useState(false);
  const change = useAssistantChange(takeIn);
  async function read(file: File | undefined): Promise<void> {
    setWrong(false);
    change.reset();
    if (file === undefined) return;
    let parsed: unknown = null;
    try {
      parsed = JSON.parse(await file.text());
    } catch {
      parsed = null;
    }
    if (!isAssistantFile(parsed)) {
      setWrong(true);
      return;
    }
    const made = await change.mutateAsync(parsed).catch(() => null);
    if (made !== null) await navigate({ to: `/assistants/${made.id}` });
  }
  return (
    <div className={styles.import}>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t("assistants.importFile")}
        onChange={(event) => {
          void read(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <Button icon="upload" isPending={change.isPending} onPress={() => input.current?.click()}>
        {t("assistants.import")}
      </Button>
      {wrong && <p role="alert">{t("assistants.notAFile")}</p>}
      {change.error && <ErrorState error={change.error} />}
    </div>
  );
}
