import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./states.module.css";

const PATIENCE_MS = 200;

/** Something is on its way. It shows only after a moment, so that what comes at once doesn't flicker. */
export function Loading({ label }: { label?: string }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div role="status" className={styles.loading}>
      {late && (
        <>
          <span className={styles.spinner} aria-hidden="true" />
          <span>{label ?? t("common.loading")}</span>
        </>
      )}
    </div>
  );
}
