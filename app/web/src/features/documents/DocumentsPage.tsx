import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, useMe } from "@/api/queries";
import { shownNumber } from "@/app/language";
import { useScope } from "@/app/scope";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { ScopeFields } from "@/components/ScopeFields";
import { FilterFields } from "./FilterFields";
import { List } from "./List";
import { countOf, listing, NO_FILTERS, type Filters } from "./listing";
import { UploadPanel } from "./UploadPanel";

/** The documents that one may read, and for those who look after them all of them, by their labels. */
export default function DocumentsPage() {
  const me = useMe();
  if (me === undefined) return <Loading />;
  const keeps = hasRole(me.roles, ["steward"]);
  const reads = hasRole(me.roles, ["reader", "professional"]);
  return <Documents keeps={keeps} reads={reads} />;
}

function Documents({ keeps, reads }: { keeps: boolean; reads: boolean }) {
  const { t } = useTranslation();
  const scope = useScope();
  const [filters, setFilters] = useState<Filters>({ ...NO_FILTERS, whole: !reads });
  const [uploading, setUploading] = useState(false);
  const asked = useDeferredValue(filters);
  const found = useInfiniteQuery(listing(asked, scope));
  const first = found.data?.pages[0];
  const documents = found.data?.pages.flatMap((page) => page.documents) ?? [];
  return (
    <Page
      title={t("documents.title")}
      lead={t(filters.whole ? "documents.leadWhole" : "documents.lead")}
      wide
      actions={
        keeps && (
          <Button
            kind="primary"
            icon={uploading ? "close" : "upload"}
            onPress={() => {
              setUploading((now) => !now);
            }}
          >
            {t(uploading ? "documents.uploadClose" : "documents.upload")}
          </Button>
        )
      }
    >
      {uploading && <UploadPanel />}
      <Panel title={t("documents.find")}>
        {!filters.whole && <ScopeFields />}
        <FilterFields
          filters={filters}
          onChange={setFilters}
          collections={first?.collections ?? {}}
          both={keeps && reads}
        />
      </Panel>
      <Panel title={t("documents.list")}>
        <p role="status">
          {found.isPending
            ? t("common.loading")
            : first?.total == null
              ? t("documents.shown", { count: documents.length })
              : t("documents.count", { count: first.total, number: shownNumber(first.total) })}
        </p>
        {found.error && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
        {found.isSuccess && documents.length === 0 && (
          <EmptyState title={t(countOf(filters) > 0 ? "documents.noneMatch" : "documents.none")}>
            {t(countOf(filters) > 0 ? "documents.noneMatchHelp" : keeps ? "documents.noneHelpSteward" : "documents.noneHelp")}
          </EmptyState>
        )}
        {documents.length > 0 && (
          <List
            documents={documents}
            total={first?.total ?? null}
            whole={filters.whole}
            more={found.hasNextPage && !found.isFetchingNextPage}
            onMore={() => void found.fetchNextPage()}
          />
        )}
      </Panel>
    </Page>
  );
}
