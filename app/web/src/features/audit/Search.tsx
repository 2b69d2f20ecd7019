import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given } from "@/api/client";
import { shownDate, shownNumber } from "@/app/language";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { DateField, TextField } from "@/components/Field";
import { Loading } from "@/components/Loading";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Table } from "@/components/Table";
import { cursorIn, dayAfter } from "@/features/activity/filters";
import { factsOf, NOTHING, type Search as Wanted } from "./trail";
import styles from "./Audit.module.css";

/** Finds events by what they are about: ids and kinds, as the trail holds no text. */
export function Search() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<Wanted>(NOTHING);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const change = (some: Partial<Wanted>) => {
    setTyped({ ...typed, ...some });
  };
  return (
    <Panel title={t("audit.search")}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          setWanted(typed);
        }}
      >
        <TextField label={t("audit.event")} hint={t("audit.eventHint")} value={typed.event} onChange={(event) => { change({ event: event.trim() }); }} maxLength={200} />
        <TextField label={t("audit.actor")} value={typed.actor} onChange={(actor) => { change({ actor: actor.trim() }); }} maxLength={200} />
        <TextField label={t("audit.answer")} value={typed.answer} onChange={(answer) => { change({ answer: answer.trim() }); }} maxLength={200} />
        <TextField label={t("audit.subject")} value={typed.subject} onChange={(subject) => { change({ subject: subject.trim() }); }} maxLength={200} />
        <DateField label={t("audit.from")} value={typed.from} onChange={(from) => { change({ from }); }} />
        <DateField label={t("audit.to")} value={typed.to} onChange={(to) => { change({ to }); }} />
        <div className={styles.submit}>
          <Button kind="primary" type="submit" icon="search">
            {t("common.search")}
          </Button>
        </div>
      </form>
      {wanted && <Found wanted={wanted} />}
    </Panel>
  );
}

function Found({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation();
  const query = {
    ...Object.fromEntries((["event", "actor", "answer", "subject"] as const).flatMap((name) => (wanted[name] === "" ? [] : [[name, wanted[name]]]))),
    ...(wanted.from === "" ? {} : { since: wanted.from }),
    ...(wanted.to === "" ? {} : { until: dayAfter(wanted.to) }),
  };
  const pages = useInfiniteQuery({
    queryKey: ["audit", query],
    queryFn: ({ pageParam, signal }) =>
      given(api.GET("/v1/audit", { params: { query: { ...query, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => cursorIn(last.next),
  });
  if (pages.error) return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <Loading />;
  const events = pages.data.pages.flatMap((page) => page.events);
  if (events.length === 0) return <EmptyState title={t("audit.empty")}>{t("audit.emptyHelp")}</EmptyState>;
  return (
    <>
      <p role="status" className={styles.count}>
        {t("audit.found", { n: shownNumber(events.length) })}
      </p>
      <Table
        caption={t("audit.events")}
        captionHidden
        rows={events}
        rowId={(one) => String(one.seq)}
        columns={[
          { id: "seq", title: t("audit.number"), heads: true, cell: (one) => shownNumber(one.seq) },
          { id: "at", title: t("audit.time"), cell: (one) => shownDate(one.at, { dateStyle: "medium", timeStyle: "medium" }) },
          { id: "event", title: t("audit.event"), cell: (one) => <code>{one.event}</code> },
          {
            id: "facts",
            title: t("audit.facts"),
            cell: (one) => (
              <dl className={styles.inRow}>
                {factsOf(one).map((fact) => (
                  <div key={fact.name}>
                    <dt>{fact.name}</dt>
                    <dd>
                      <SourceText text={fact.text} />
                    </dd>
                  </div>
                ))}
              </dl>
            ),
          },
        ]}
      />
      {pages.hasNextPage && (
        <div>
          <Button isPending={pages.isFetchingNextPage} onPress={() => void pages.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </div>
      )}
    </>
  );
}
