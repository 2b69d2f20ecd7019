import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { shownDate } from "@/app/language";
import { Badge } from "@/components/Badge";
import { Link } from "@/components/Link";
import { names } from "@/components/names";
import { SourceText } from "@/components/SourceText";
import type { Listed } from "./listing";
import styles from "./Documents.module.css";

const ROW = 64;
const NARROW_ROW = 148;
const AHEAD = 60;
const COLUMNS = ["document", "collection", "subjects", "inForce", "added", "state"] as const;

/** A long table of which only the rows in sight are in the page; the next ones are fetched before they come into it. */
export function List({
  documents,
  total,
  whole,
  more,
  onMore,
}: {
  documents: readonly Listed[];
  total: number | null;
  whole: boolean;
  more: boolean;
  onMore: () => void;
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const narrow = useRef(typeof window.matchMedia === "function" && window.matchMedia("(max-width: 56rem)").matches);
  // The rows are taken anew at every scroll, which the compiler of React must not keep from happening.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: documents.length,
    getScrollElement: () => box.current,
    estimateSize: () => (narrow.current ? NARROW_ROW : ROW),
    overscan: 12,
    getItemKey: (index) => documents[index]?.id ?? index,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= documents.length - AHEAD) onMore();
  }, [more, last, documents.length, onMore]);
  return (
    <div
      ref={box}
      className={styles.list}
      role="table"
      aria-label={t("documents.list")}
      aria-rowcount={(total ?? documents.length) + 1}
      aria-colcount={COLUMNS.length}
      // A region that scrolls takes the focus, so that the keyboard can scroll it.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <div role="rowgroup" className={styles.listHead}>
        <div role="row" aria-rowindex={1} className={styles.line}>
          {COLUMNS.map((one) => (
            <span key={one} role="columnheader">
              {t(`documents.columns.${one}`)}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={styles.listBody} style={{ height: rows.getTotalSize() }}>
        {items.map((item) => {
          const one = documents[item.index];
          return (
            one && (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                data-index={item.index}
                className={names(styles.line, styles.listRow)}
                style={{ height: item.size, transform: `translateY(${String(item.start)}px)` }}
              >
                <Cells one={one} whole={whole} />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function Cells({ one, whole }: { one: Listed; whole: boolean }) {
  const { t } = useTranslation();
  const { from, to } = one.in_force ?? { from: null, to: null };
  return (
    <>
      <span role="cell" className={styles.first}>
        <Link to={`/documents/${one.id}`}>{whole || one.title === null ? <code>{one.id}</code> : <SourceText text={one.title} />}</Link>
        <small>{t("documents.versions", { count: one.versions })}</small>
      </span>
      <span role="cell">
        <bdi>{one.collection}</bdi>
      </span>
      <span role="cell">
        <bdi>{one.subjects.join(", ") || "–"}</bdi>
      </span>
      <span role="cell">
        {from === null && to === null ? t("documents.always") : `${from === null ? "…" : shownDate(from)} – ${to === null ? "…" : shownDate(to)}`}
      </span>
      <span role="cell">{one.added_at === null ? "–" : shownDate(one.added_at)}</span>
      <span role="cell" className={styles.badges}>
        <Badge tone={one.state === "indexed" ? "good" : "info"}>{t(`documents.states.${one.state}`)}</Badge>
        {one.held && <Badge tone="warn" icon="lock">{t("documents.held")}</Badge>}
      </span>
    </>
  );
}
