import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLit } from "@/app/lit";
import { Button } from "@/components/Button";
import { names } from "@/components/names";
import { Table, type Column } from "@/components/Table";
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

interface Keyed<Row> {
  row: Row;
  id: string;
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
  const headed = columns.map(({ key, title, cell, ...column }): Column<Keyed<Row>> => {
    const shownCell = ({ row }: Keyed<Row>) => cell(row);
    if (key === undefined) return { ...column, title, cell: shownCell };
    const sort = order?.column !== column.id ? "none" : order.descending ? "descending" : "ascending";
    const press = () => {
      setOrder(pressed(order, column.id));
    };
    const button = (
      <button type="button" className={styles.sort} onClick={press}>
        {title}
        <span aria-hidden="true">{sort === "none" ? "↕" : sort === "ascending" ? "↑" : "↓"}</span>
      </button>
    );
    return { ...column, title: button, cell: shownCell, sort };
  });
  return (
    <>
      <Table
        caption={caption}
        captionHidden
        columns={headed}
        rows={shown}
        rowId={({ id }) => id}
        rowClass={({ row }) => names(isLit(row) && styles.lit)}
        {...(styles.wide ? { className: styles.wide } : {})}
      />
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
