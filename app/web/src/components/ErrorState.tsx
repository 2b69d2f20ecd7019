import { useTranslation } from "react-i18next";
import type { ReactNode } from "react";
import { asProblem } from "@/api/problem";
import { Button } from "./Button";
import { names } from "./names";
import styles from "./states.module.css";

/** Why something failed and what helps: the text of its code in the reader's language, the server's detail, the code. */
export function ErrorState({ error, onRetry, action }: { error: unknown; onRetry?: () => void; action?: ReactNode }) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  const { title, help } = useProblemText(problem.code);
  return (
    <div role="alert" className={names(styles.state, styles.error)}>
      <h2>{title}</h2>
      {help && <p>{help}</p>}
      {problem.detail && problem.detail !== title && (
        <p>
          <bdi dir="auto">{problem.detail}</bdi>
        </p>
      )}
      {problem.retryAfter !== null && <p>{t("errors.wait", { seconds: problem.retryAfter })}</p>}
      <p className={styles.code}>
        {t("errors.code")} <code>{problem.code}</code>
      </p>
      {(onRetry ?? action) && (
        <div className={styles.actions}>
          {onRetry && (
            <Button icon="retry" onPress={onRetry}>
              {t("common.retry")}
            </Button>
          )}
          {action}
        </div>
      )}
    </div>
  );
}

/** Returns the heading and the way out for a code, by its own text or by that of its family. */
function useProblemText(code: string): { title: string; help: string } {
  const { t, i18n } = useTranslation();
  const flat = code.replaceAll(".", "_");
  const family = code.split(".")[0] ?? "";
  const key = i18n.exists(`errors.${flat}.title`) ? flat : i18n.exists(`errors.${family}.title`) ? family : "other";
  return {
    title: t(`errors.${key}.title`),
    help: i18n.exists(`errors.${key}.help`) ? t(`errors.${key}.help`) : "",
  };
}
