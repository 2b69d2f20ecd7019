import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, given } from "@/api/client";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Export } from "./Export";
import { Search } from "./Search";
import { Verify } from "./Verify";

export default function AuditPage() {
  const { t } = useTranslation();
  // Who may not read the trail is told so at once, and not after filling in a form.
  const { data, error, refetch } = useQuery({
    queryKey: ["audit", "first"],
    queryFn: ({ signal }) => given(api.GET("/v1/audit", { params: { query: { limit: 1 } }, signal })),
  });
  return (
    <Page title={t("audit.title")} lead={t("audit.lead")}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && !error && (
        <>
          <Verify />
          <Search />
          <Export />
        </>
      )}
    </Page>
  );
}
