import { useTranslation } from "react-i18next";
import { Page } from "@/components/Page";

export default function AskPage() {
  const { t } = useTranslation();
  return <Page title={t("ask.title")} lead={t("ask.lead")} />;
}
