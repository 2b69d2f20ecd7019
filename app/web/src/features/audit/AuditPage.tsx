import { useTranslation } from "react-i18next";
import { Page } from "@/components/Page";
import { Export } from "./Export";
import { Search } from "./Search";
import { Verify } from "./Verify";

export default function AuditPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("audit.title")} lead={t("audit.lead")}>
      <Verify />
      <Search />
      <Export />
    </Page>
  );
}
