import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Banner } from "./Banner";

function subscribe(tell: () => void): () => void {
  window.addEventListener("online", tell);
  window.addEventListener("offline", tell);
  return () => {
    window.removeEventListener("online", tell);
    window.removeEventListener("offline", tell);
  };
}

export function OfflineBanner() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status" className="no-print">
      {!online && <Banner tone="warn">{t("common.offline")}</Banner>}
    </div>
  );
}
