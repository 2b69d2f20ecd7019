import { useTranslation } from "react-i18next";
import { Badge, type Tone } from "@/components/Badge";
import type { Batch, Item } from "./logic";

const TONES: Record<Batch["state"] | Item["state"], Tone> = {
  queued: "info",
  waiting: "info",
  running: "info",
  done: "good",
  aside: "warn",
  cancelled: "neutral",
  erased: "neutral",
};

/** How far a batch or an item is, in words. A batch that is done though something failed says so. */
export function StateBadge({ state, aside = 0 }: { state: Batch["state"] | Item["state"]; aside?: number }) {
  const { t } = useTranslation();
  const failed = state === "done" && aside > 0;
  return <Badge tone={failed ? "warn" : TONES[state]}>{failed ? t("reports.states.partly") : t(`reports.states.${state}`)}</Badge>;
}
