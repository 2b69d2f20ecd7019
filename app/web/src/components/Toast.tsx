import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { Icon } from "./Icon";
import { names } from "./names";
import { dismiss, useToasts } from "./toasts";
import styles from "./Toast.module.css";

/** Where toasts show; it stands once in the shell, and screen readers hear what comes. */
export function Toasts() {
  const { t } = useTranslation();
  return (
    <div className={names(styles.place, "no-print")} role="status" aria-live="polite">
      {useToasts().map((one) => (
        <div key={one.id} className={names(styles.toast, styles[one.tone])}>
          <Icon name={one.tone === "good" ? "good" : "warning"} />
          <span>{one.text}</span>
          <Button
            kind="quiet"
            size="small"
            icon="close"
            iconOnly
            onPress={() => {
              dismiss(one.id);
            }}
          >
            {t("common.close")}
          </Button>
        </div>
      ))}
    </div>
  );
}
