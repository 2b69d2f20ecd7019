import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given } from "@/api/client";
import { askAnew, useMe } from "@/api/queries";
import { shownDate, shownNumber } from "@/app/language";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Table } from "@/components/Table";
import { toast } from "@/components/toasts";
import { mayReview, minutesLeft, type Glass } from "./glass";
import styles from "./BreakGlass.module.css";

const KEY = ["break-glass"];
const LOOK_MS = 30_000;

export default function BreakGlassPage() {
  const { t } = useTranslation();
  const queue = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => given(api.GET("/v1/break-glass", { signal })),
    refetchInterval: LOOK_MS,
  });
  const now = useNow(LOOK_MS);
  const all = queue.data?.break_glass ?? [];
  const waiting = all.filter((one) => one.verdict === null);
  const reviewed = all.filter((one) => one.verdict !== null);
  return (
    <Page title={t("breakGlass.title")} lead={t("breakGlass.lead")}>
      {queue.error && <ErrorState error={queue.error} onRetry={() => void queue.refetch()} />}
      {queue.isLoading && <Loading />}
      {queue.data && !queue.error && (
        <>
          <Panel title={t("breakGlass.waiting", { n: shownNumber(waiting.length) })}>
            {waiting.length === 0 ? (
              <EmptyState title={t("breakGlass.empty")}>{t("breakGlass.emptyHelp")}</EmptyState>
            ) : (
              <ul className={styles.list}>
                {waiting.map((glass) => (
                  <li key={glass.id}>
                    <Waiting glass={glass} now={now} />
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          {reviewed.length > 0 && <Reviewed glasses={reviewed} />}
        </>
      )}
    </Page>
  );
}

function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, every);
    return () => {
      clearInterval(timer);
    };
  }, [every]);
  return now;
}

function Waiting({ glass, now }: { glass: Glass; now: number }) {
  const { t } = useTranslation();
  const me = useMe();
  const [verdict, setVerdict] = useState<"justified" | "unjustified" | null>(null);
  const left = minutesLeft(glass, now);
  return (
    <article className={styles.card} aria-label={t("breakGlass.card", { who: glass.caller, subject: glass.subject })}>
      <header className={styles.head}>
        <h3>
          <SourceText text={glass.caller} /> → <SourceText text={glass.subject} />
        </h3>
        {left > 0 ? (
          <Badge tone="warn" icon="warning">{t("breakGlass.open", { minutes: shownNumber(left) })}</Badge>
        ) : (
          <Badge>{t("breakGlass.ended")}</Badge>
        )}
      </header>
      <p className={styles.facts}>
        {t("breakGlass.opened", { at: shownDate(glass.opened_at, { dateStyle: "medium", timeStyle: "short" }) })}{" "}
        {t(`breakGlass.purposes.${glass.purpose}`, glass.purpose)}
      </p>
      <p className={styles.label}>{t("breakGlass.reason")}</p>
      <blockquote className={styles.reason}>
        <SourceText text={glass.reason} block />
      </blockquote>
      {mayReview(glass, me?.id) ? (
        <div className={styles.actions}>
          <Button icon="check" onPress={() => { setVerdict("justified"); }}>{t("breakGlass.justified")}</Button>
          <Button kind="danger" icon="close" onPress={() => { setVerdict("unjustified"); }}>{t("breakGlass.unjustified")}</Button>
        </div>
      ) : (
        <p className={styles.own}>{t("breakGlass.own")}</p>
      )}
      {verdict && <Confirm glass={glass} verdict={verdict} onClose={() => { setVerdict(null); }} />}
    </article>
  );
}

/** A verdict is given once, so it is asked for twice. */
function Confirm({ glass, verdict, onClose }: { glass: Glass; verdict: "justified" | "unjustified"; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const review = useMutation({
    mutationFn: () =>
      given(
        api.POST("/v1/break-glass/{break_glass_id}/verdict", {
          params: { path: { break_glass_id: glass.id } },
          body: { verdict },
        }),
      ),
    onSuccess: async () => {
      toast(t("breakGlass.done"));
      onClose();
      await askAnew(queries, KEY);
    },
  });
  return (
    <Dialog
      title={t(`breakGlass.confirm.${verdict}`)}
      open
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button kind={verdict === "justified" ? "primary" : "danger"} isPending={review.isPending} onPress={() => { review.mutate(); }}>
            {t(`breakGlass.${verdict}`)}
          </Button>
        </>
      }
    >
      <p>{t("breakGlass.confirmText", { who: glass.caller, subject: glass.subject })}</p>
      {review.error && <ErrorState error={review.error} />}
    </Dialog>
  );
}

function Reviewed({ glasses }: { glasses: readonly Glass[] }) {
  const { t } = useTranslation();
  return (
    <Table
      caption={t("breakGlass.reviewed")}
      rows={glasses}
      rowId={(one) => one.id}
      columns={[
        { id: "who", title: t("breakGlass.who"), heads: true, cell: (one) => <SourceText text={one.caller} /> },
        { id: "subject", title: t("breakGlass.subject"), cell: (one) => <SourceText text={one.subject} /> },
        { id: "at", title: t("breakGlass.at"), cell: (one) => shownDate(one.opened_at, { dateStyle: "medium", timeStyle: "short" }) },
        { id: "reason", title: t("breakGlass.reason"), cell: (one) => <SourceText text={one.reason} /> },
        {
          id: "verdict",
          title: t("breakGlass.verdict"),
          cell: (one) => (
            <Badge tone={one.verdict === "justified" ? "good" : "bad"} icon={one.verdict === "justified" ? "good" : "bad"}>
              {t(`breakGlass.${one.verdict === "justified" ? "justified" : "unjustified"}`)}
            </Badge>
          ),
        },
        { id: "reviewer", title: t("breakGlass.reviewer"), cell: (one) => <SourceText text={one.reviewer ?? ""} /> },
      ]}
    />
  );
}
