import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLit } from "@/app/lit";
import { Button } from "@/components/Button";
import { names } from "@/components/names";
import table from "@/components/Table.module.css";
import { litIn, type Span } from "./places";
import { pressed, sorted, type Order } from "./sorting";
import styles from "./records.module.css";

export interface SortColumn<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** What its rows are sorted by; a column without it cannot be sorted. */
  key?: (row: Row) => string | number;
  numeric?: boolean;
  heads?: boolean;
}

const FEW = 15;
const MORE = 100;

/**
 * A table whose headers sort it. Long ones begin with some rows; rows that hold a quote of the last answer are among
 * them, whatever the order.
 */
export function SortableTable<Row>({
  caption,
  columns,
  rows,
  rowId,
  place,
  few = FEW,
}: {
  caption: string;
  columns: readonly SortColumn<Row>[];
  rows: readonly Row[];
  rowId: (row: Row, index: number) => string;
  place?: (row: Row) => Span;
  few?: number;
}) {
  const { t } = useTranslation();
  const lit = useLit();
  const [order, setOrder] = useState<Order | null>(null);
  const [most, setMost] = useState(few);
  const isLit = (row: Row) => place !== undefined && lit.length > 0 && litIn(place(row), lit).length > 0;
  const by = columns.find((one) => one.id === order?.column)?.key;
  const keyed = rows.map((row, index) => ({ row, id: rowId(row, index) }));
  const all = by && order ? sorted(keyed, (one) => by(one.row), order.descending) : keyed;
  const shown = all.filter((one, index) => index < most || isLit(one.row));
  return (
    <>
      {/* A region that scrolls takes the focus, so that the keyboard can scroll it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={names(table.scroll, styles.wide)} role="region" aria-label={caption} tabIndex={0}>
        <table className={table.table}>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => {
                const direction = order?.column !== column.id ? "none" : order.descending ? "descending" : "ascending";
                return (
                  <th
                    key={column.id}
                    scope="col"
                    className={names(column.numeric && table.numeric)}
                    {...(column.key ? { "aria-sort": direction } : {})}
                  >
                    {column.key ? (
                      <button
                        type="button"
                        className={styles.sort}
                        onClick={() => {
                          setOrder(pressed(order, column.id));
                        }}
                      >
                        {column.title}
                        <span aria-hidden="true">{direction === "none" ? "↕" : direction === "ascending" ? "↑" : "↓"}</span>
                      </button>
                    ) : (
                      column.title
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ row, id }) => (
              <tr key={id} className={names(isLit(row) && styles.lit)}>
                {columns.map((column) =>
                  column.heads ? (
                    <th key={column.id} scope="row">
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={column.id} className={names(column.numeric && table.numeric)}>
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < rows.length && (
        <div className={names(styles.more, "no-print")}>
          <span className={styles.muted}>{t("records.rowsOf", { shown: shown.length, all: rows.length })}</span>
          <Button
            size="small"
            onPress={() => {
              setMost(most + MORE);
            }}
          >
            {t("records.moreRows", { count: Math.min(MORE, rows.length - shown.length) })}
          </Button>
        </div>
      )}
    </>
  );
}
