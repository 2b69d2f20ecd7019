import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Banner } from "@/components/Banner";
import { ErrorState } from "@/components/ErrorState";
import { Link } from "@/components/Link";
import { SourceText } from "@/components/SourceText";
import { usableOne } from "./queries";

/**
 * The assistant that the address names (`/ask?assistant=ID&starter=0`), for the page that asks. Send its id as
 * `assistant` with a question; `starter` is the question that was chosen, whose text is in no address.
 */
export function useChosenAssistant(): { assistant: Schema<"UsableAssistantView"> | undefined; starter: string; error: unknown } {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const named = typeof search.assistant === "string" ? search.assistant : "";
  const { data, error } = useQuery({ ...usableOne(named), enabled: named !== "" });
  const number = Number(search.starter);
  const starter = search.starter === undefined ? "" : (data?.starters[number] ?? "");
  return { assistant: data, starter, error };
}

/** Says beside a question which assistant answers it. */
export function ChosenAssistant() {
  const { t } = useTranslation();
  const { assistant, error } = useChosenAssistant();
  if (error) return <ErrorState error={error} action={<Link to="/assistants">{t("assistants.toList")}</Link>} />;
  if (assistant === undefined) return null;
  return (
    <Banner icon="assistant">
      <strong>
        <SourceText text={assistant.title} />
      </strong>{" "}
      {t("assistants.version", { version: assistant.version })}
      {assistant.description && (
        <>
          {" · "}
          <SourceText text={assistant.description} />
        </>
      )}
    </Banner>
  );
}
