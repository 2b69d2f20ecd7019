import { useTranslation } from "react-i18next";
import { useCallback } from "react";
import { Button } from "@/components/Button";
import { Menu } from "@/components/Menu";
import { toast } from "@/components/toasts";
import { inForce } from "./ClaimItem";
import { asJson, asMarkdown, asText, type Labels } from "./export";
import { ask, type Turn } from "./store";
import styles from "./AnswerActions.module.css";

/** Takes an answer along, with everything that it stands on. */
export function AnswerActions({ turn, busy }: { turn: Turn; busy: boolean }) {
  const { t } = useTranslation();
  const labels = useLabels();
  const copy = useCopy();
  const save = (text: string, ending: string, type: string) => {
    download(new Blob([text], { type }), `consilium-${turn.answer?.id ?? "answer"}.${ending}`);
  };
  return (
    <div className={`${styles.actions ?? ""} no-print`}>
      <Button size="small" icon="copy" onPress={() => void copy(turn)}>
        {t("ask.copy")}
      </Button>
      <Menu
        label={t("ask.export")}
        trigger={
          <Button size="small" icon="download">
            {t("ask.export")}
          </Button>
        }
        actions={[
          {
            id: "txt",
            label: t("ask.exports.text"),
            onAction: () => {
              save(asText(turn, labels), "txt", "text/plain;charset=utf-8");
            },
          },
          {
            id: "md",
            label: t("ask.exports.markdown"),
            onAction: () => {
              save(asMarkdown(turn, labels), "md", "text/markdown;charset=utf-8");
            },
          },
          {
            id: "json",
            label: t("ask.exports.json"),
            onAction: () => {
              save(asJson(turn), "json", "application/json");
            },
          },
          {
            id: "print",
            label: t("ask.exports.print"),
            icon: "print",
            onAction: () => {
              window.print();
            },
          },
        ]}
      />
      <Button size="small" icon="retry" isDisabled={busy} onPress={() => void ask(turn.question)}>
        {t("ask.again")}
      </Button>
    </div>
  );
}

/** Returns a function that copies an answer with its citations. */
export function useCopy(): (turn: Turn) => Promise<void> {
  const { t } = useTranslation();
  const labels = useLabels();
  return useCallback(
    async (turn: Turn) => {
      try {
        await navigator.clipboard.writeText(asText(turn, labels));
        toast(t("common.copied"));
      } catch {
        toast(t("ask.copyFailed"), "bad");
      }
    },
    [labels, t],
  );
}

function useLabels(): Labels {
  const { t } = useTranslation();
  return {
    question: t("ask.question"),
    answer: t("ask.answer"),
    refused: t("ask.refusal.title"),
    sources: t("ask.sources"),
    asOf: t("ask.scope.asOf"),
    scope: t("ask.scope.title"),
    verdict: (claim) => t(`verdict.${claim.verdict}`),
    inForce: (quote) => inForce(t, quote.in_force.from ?? null, quote.in_force.to ?? null),
    notice: t("ask.notice"),
  };
}

/** Lets the browser save a file; the address of it is given up at once. */
function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
