import { useTranslation } from "react-i18next";
import { LinkButton } from "@/components/Link";
import { Page } from "@/components/Page";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main>
      <Page title={t("shell.notFound")} lead={t("shell.notFoundLead")}>
        <div>
          <LinkButton to="/">{t("shell.start")}</LinkButton>
        </div>
      </Page>
    </main>
  );
}
