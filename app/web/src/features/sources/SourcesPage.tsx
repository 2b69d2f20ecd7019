import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "@/components/Page";
import { addressOf, spanIn, type SourceSearch } from "./address";
import { SourcePanel } from "./SourcePanel";

export default function SourcesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { versionId } = useParams({ strict: false }) as { versionId: string };
  const search = useSearch({ strict: false }) as SourceSearch;
  const span = spanIn(search);
  return (
    <Page title={t("sources.title")} wide>
      <SourcePanel
        versionId={versionId}
        {...(span ? { start: span.start, end: span.end } : {})}
        {...textIn(search)}
        onVersion={(other) => {
          void navigate({ to: addressOf(other), search: () => ({ ...search, start: undefined, end: undefined, passage: undefined }) });
        }}
      />
    </Page>
  );
}

function textIn({ subject, as_of, passage }: SourceSearch) {
  return {
    ...(subject === undefined ? {} : { subject: String(subject) }),
    ...(as_of === undefined ? {} : { asOf: String(as_of) }),
    ...(passage === undefined ? {} : { passageId: String(passage) }),
  };
}
