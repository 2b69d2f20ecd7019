export interface Order {
  column: string;
  descending: boolean;
}

/** Returns rows in an order; what says nothing stands last whichever way, and equal rows stay as they were. */
export function sorted<Row>(rows: readonly Row[], key: (row: Row) => string | number, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * String(a).localeCompare(String(b), undefined, { numeric: true });
  });
}

/** Returns the order after a header was pressed: the other way for the same column. */
export function pressed(order: Order | null, column: string): Order {
  return { column, descending: order?.column === column ? !order.descending : false };
}
