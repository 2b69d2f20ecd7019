import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { DateField, Select, TextField } from "@/components/Field";
import { countOf, digestOf, NO_FILTERS, ORDERS, STATES, type Filters, type Order } from "./listing";
import styles from "./Documents.module.css";

/** What the list is narrowed by and ordered by. */
export function FilterFields({
  filters,
  onChange,
  collections,
  both,
}: {
  filters: Filters;
  onChange: (filters: Filters) => void;
  collections: Record<string, number>;
  both: boolean;
}) {
  const { t } = useTranslation();
  const set = (change: Partial<Filters>) => {
    onChange({ ...filters, ...change });
  };
  const orders = ORDERS.filter((one) => !filters.whole || one !== "title");
  return (
    <>
      <div className={styles.fields}>
        {both && (
          <Select
            label={t("documents.which")}
            value={filters.whole ? "whole" : "mine"}
            onChange={(id) => {
              onChange({ ...NO_FILTERS, whole: id === "whole" });
            }}
            options={[
              { id: "mine", label: t("documents.mine") },
              { id: "whole", label: t("documents.whole") },
            ]}
          />
        )}
        {!filters.whole && (
          <TextField label={t("documents.titleWords")} type="search" value={filters.title} onChange={(title) => { set({ title }); }} maxLength={200} />
        )}
        {filters.whole && (
          <TextField label={t("documents.about")} type="search" value={filters.about} onChange={(about) => { set({ about }); }} maxLength={200} />
        )}
        <Select
          label={t("documents.labels.collection")}
          value={filters.collection === "" ? "-" : filters.collection}
          onChange={(id) => {
            set({ collection: id === "-" ? "" : id });
          }}
          options={[
            { id: "-", label: t("common.all") },
            ...Object.entries(collections).map(([id, many]) => ({ id, label: `${id} (${String(many)})` })),
          ]}
        />
        <Select
          label={t("documents.state")}
          value={filters.state === "" ? "-" : filters.state}
          onChange={(id) => {
            set({ state: id === "-" ? "" : (id as (typeof STATES)[number]) });
          }}
          options={[{ id: "-", label: t("common.all") }, ...STATES.map((id) => ({ id, label: t(`documents.states.${id}`) }))]}
        />
        <DateField label={t("documents.addedFrom")} value={filters.addedFrom} onChange={(addedFrom) => { set({ addedFrom }); }} />
        <DateField label={t("documents.addedTo")} value={filters.addedTo} onChange={(addedTo) => { set({ addedTo }); }} />
        <Select
          label={t("documents.order")}
          value={`${filters.order}.${filters.down ? "down" : "up"}`}
          onChange={(id) => {
            const [order, way] = id.split(".");
            set({ order: order as Order, down: way === "down" });
          }}
          options={orders.flatMap((id) => [
            { id: `${id}.${id === "added" ? "down" : "up"}`, label: t(`documents.orders.${id}`) },
            { id: `${id}.${id === "added" ? "up" : "down"}`, label: t(`documents.ordersBack.${id}`) },
          ])}
        />
      </div>
      <div className={styles.row}>
        <FileFinder onDigest={(digest) => { set({ digest }); }} />
        {filters.digest !== "" && <code className={styles.id}>{filters.digest.slice(0, 12)}…</code>}
        {countOf(filters) > 0 && (
          <Button
            kind="quiet"
            icon="close"
            onPress={() => {
              onChange({ ...NO_FILTERS, whole: filters.whole });
            }}
          >
            {t("documents.clearFilters", { count: countOf(filters) })}
          </Button>
        )}
      </div>
    </>
  );
}

/** Finds a document by a file that is at hand: its digest is made here, and the file is sent nowhere. */
function FileFinder({ onDigest }: { onDigest: (digest: string) => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind="quiet" icon="search" onPress={() => input.current?.click()}>
        {t("documents.byFile")}
      </Button>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t("documents.byFile")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void digestOf(file).then(onDigest);
        }}
      />
    </>
  );
}
