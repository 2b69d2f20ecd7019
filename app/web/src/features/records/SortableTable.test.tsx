import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { lightUp } from "@/app/lit";
import { Quoted } from "./Frame";
import { SortableTable } from "./SortableTable";

afterEach(() => {
  act(() => {
    lightUp([]);
  });
  cleanup();
});

const rows = Array.from({ length: 40 }, (_, index) => ({ name: `row ${String(index)}`, start: index * 10 }));
const placeOf = (row: (typeof rows)[number]) => ({ version_id: "v_1", start: row.start, end: row.start + 9 });

function shown(): string[] {
  return within(screen.getByRole("table")).getAllByRole("row").slice(1).map((row) => row.textContent);
}

function show() {
  render(
    <SortableTable
      caption="Rows"
      rows={rows}
      rowId={(row) => row.name}
      place={placeOf}
      few={3}
      columns={[
        { id: "name", title: "Name", heads: true, key: (row) => row.name, cell: (row) => row.name },
        { id: "mark", title: "Mark", cell: (row) => <Quoted place={placeOf(row)} /> },
      ]}
    />,
  );
}

test("a long table begins with some rows, and more come when they are asked for", () => {
  show();
  expect(shown()).toEqual(["row 0", "row 1", "row 2"]);
  fireEvent.click(screen.getByRole("button", { name: /more/ }));
  expect(shown()).toHaveLength(40);
});

test("a header sorts its column one way and then the other, and says so", () => {
  show();
  const header = screen.getByRole("columnheader", { name: /Name/ });
  expect(header.getAttribute("aria-sort")).toBe("none");
  fireEvent.click(within(header).getByRole("button"));
  fireEvent.click(within(header).getByRole("button"));
  expect(header.getAttribute("aria-sort")).toBe("descending");
  expect(shown()).toEqual(["row 39", "row 38", "row 37"]);
});

test("a row with a quote of the last answer is marked in words, and shown wherever it stands", () => {
  show();
  act(() => {
    lightUp([{ number: 2, documentId: "d", versionId: "v_1", start: 305, end: 307, resource: "" }]);
  });
  expect(shown()).toEqual(["row 0", "row 1", "row 2", "row 30records.quoted"]);
});
