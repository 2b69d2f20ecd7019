import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, given, type Schema } from "@/api/client";
import { shownDate, shownNumber } from "@/app/language";
import { Badge, type Tone } from "@/components/Badge";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { names } from "@/components/names";
import { SourceText } from "@/components/SourceText";
import { cursorIn, isSound, queryOf, type Filters, type Status } from "./filters";
import { shownTime } from "./rates";
import styles from "./Activity.module.css";

type Operation = Schema<"OperationView">;

const ROW_PX = 40;
const TONES: Record<Status, Tone> = { answered: "good", refused: "warn", denied: "bad", done: "neutral", open: "info" };
const COLUMNS = ["time", "operation", "who", "purpose", "status", "took", "subjects", "model"] as const;

/** Every operation, newest first. Only the rows in sight are drawn, and pages are fetched as they are scrolled to. */
export function OperationsTable({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const query = queryOf(filters);
  const pages = useInfiniteQuery({
    queryKey: ["activity", query],
    queryFn: ({ pageParam, signal }) =>
      given(api.GET("/v1/activity", { params: { query: { ...query, limit: 200, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => cursorIn(last.next),
    enabled: isSound(filters),
  });
  if (pages.error) return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <Loading />;
  const rows = pages.data.pages.flatMap((page) => page.activity);
  if (rows.length === 0) return <EmptyState title={t("activity.empty")}>{t("activity.emptyHelp")}</EmptyState>;
  return (
    <>
      <p className={styles.count} role="status">
        {t(pages.hasNextPage ? "activity.shownOfMore" : "activity.shownAll", { n: shownNumber(rows.length) })}
      </p>
      <Rows
        rows={rows}
        onEnd={() => {
          if (pages.hasNextPage && !pages.isFetching) void pages.fetchNextPage();
        }}
      />
    </>
  );
}

function Rows({ rows, onEnd }: { rows: readonly Operation[]; onEnd: () => void }) {
  const { t } = useTranslation();
  const scroll = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used here
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => ROW_PX, overscan: 12 });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20) onEnd();
  }, [last, rows.length, onEnd]);
  return (
    // A region that scrolls takes the focus, so that the keyboard can scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroll} ref={scroll} role="region" aria-label={t("activity.each")} tabIndex={0}>
      <div className={styles.grid} role="table" aria-label={t("activity.each")} aria-rowcount={rows.length + 1}>
        <div role="rowgroup" className={styles.headings}>
          <div role="row" className={styles.row} aria-rowindex={1}>
            {COLUMNS.map((one) => (
              <span key={one} role="columnheader" className={names((one === "took" || one === "subjects") && styles.numeric)}>
                {t(`activity.${one}`)}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <div
                key={row.seq}
                role="row"
                aria-rowindex={item.index + 2}
                className={styles.row}
                style={{ transform: `translateY(${String(item.start)}px)` }}
              >
                <Cells row={row} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells({ row }: { row: Operation }) {
  const { t, i18n } = useTranslation();
  const known = (family: string, name: string) =>
    i18n.exists(`activity.${family}.${name}`) ? t(`activity.${family}.${name}`) : name;
  const code = row.code.replaceAll(".", "_");
  return (
    <>
      <span role="cell">{shownDate(row.at, { dateStyle: "medium", timeStyle: "short" })}</span>
      <span role="cell">{known("operations", row.operation)}</span>
      <span role="cell">{row.actor === null ? t("activity.hidden") : <SourceText text={row.actor} />}</span>
      <span role="cell">{row.purpose === "" ? "–" : known("purposes", row.purpose)}</span>
      <span role="cell" title={row.code === "" ? undefined : known("codes", code)}>
        <Badge tone={TONES[row.status]}>{t(`activity.statuses.${row.status}`)}</Badge>{" "}
        {row.code !== "" && row.status === "refused" && <code>{row.code.split(".")[1]}</code>}
      </span>
      <span role="cell" className={styles.numeric}>
        {row.milliseconds === null ? "–" : shownTime(row.milliseconds, (value, digits) => shownNumber(value, { maximumFractionDigits: digits }))}
      </span>
      <span role="cell" className={styles.numeric}>{shownNumber(row.subjects)}</span>
      <span role="cell">{row.model === "" ? "–" : <SourceText text={row.model} />}</span>
    </>
  );
}
