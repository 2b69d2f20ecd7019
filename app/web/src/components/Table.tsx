import type { ReactNode } from "react";
import { names } from "./names";
import styles from "./Table.module.css";

export interface Column<Row> {
  id: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end of their cell. */
  numeric?: boolean;
  /** The cell that names its row. */
  heads?: boolean;
  /** How rows are sorted by it, where its title can be pressed for that. */
  sort?: "none" | "ascending" | "descending";
}

/** A table of data with its caption and headers. It scrolls sideways by itself where the window is narrow. */
export function Table<Row>({
  caption,
  captionHidden = false,
  columns,
  rows,
  rowId,
  rowClass,
  className,
}: {
  caption: string;
  captionHidden?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  rowClass?: (row: Row) => string | undefined;
  className?: string;
}) {
  return (
    // A region that scrolls takes the focus, so that the keyboard can scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={names(styles.scroll, className)} role="region" aria-label={caption} tabIndex={0}>
      <table className={styles.table}>
        <caption className={captionHidden ? "visually-hidden" : styles.caption}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={names(column.numeric && styles.numeric)}
                {...(column.sort ? { "aria-sort": column.sort } : {})}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowId(row)} className={rowClass?.(row)}>
              {columns.map((column) =>
                column.heads ? (
                  <th key={column.id} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} className={names(column.numeric && styles.numeric)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
