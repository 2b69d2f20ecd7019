import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { shownDate } from "@/app/language";
import type { InForce } from "./dates";

/** Returns what says in words when a text is in force. */
export function useInForce(): (inForce: InForce) => string {
  const { t } = useTranslation();
  return useCallback(
    ({ from, to }: InForce) => {
      if (from && to) return t("sources.fromTo", { from: shownDate(from), to: shownDate(to) });
      if (from) return t("sources.from", { from: shownDate(from) });
      if (to) return t("sources.to", { to: shownDate(to) });
      return t("sources.always");
    },
    [t],
  );
}
