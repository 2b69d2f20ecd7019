import { useTranslation } from "react-i18next";
import { shownDate, shownNumber } from "@/app/language";
import { Icon } from "@/components/Icon";
import { SourceText } from "@/components/SourceText";
import { inWords, redacted, type Decision } from "./policies";
import type { Answer } from "./store";
import styles from "./PolicyList.module.css";

/** What policies did to an answer, in plain words; below, on demand, everything that was looked at and how long it took. */
export function PolicyList({ answer }: { answer: Answer }) {
  const { t } = useTranslation();
  const acted = answer.policies.filter((one) => inWords(one).acted);
  const hidden = redacted(answer.redactions);
  return (
    <div className={styles.policies}>
      {acted.length > 0 && (
        <ul className={styles.acted} aria-label={t("ask.policy.acted")}>
          {acted.map((one, index) => (
            <li key={index}>
              <Icon name="info" size={18} />
              <span>
                <InWords decision={one} />
                {one.policy === "disclosure" && hidden > 0 && (
                  <>
                    {" "}
                    {t("ask.redacted", { count: hidden })}{" "}
                    {Object.entries(answer.redactions)
                      .map(([kind, count]) => `${kindName(t, kind)} (${shownNumber(count)})`)
                      .join(", ")}
                    .
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      <details className={styles.how}>
        <summary>{t("ask.how.title")}</summary>
        <ul>
          {answer.policies.map((one, index) => (
            <li key={index}>
              <InWords decision={one} />{" "}
              <span className={styles.own}>
                (<code>{one.policy}</code>: <SourceText text={one.reason} />)
              </span>
            </li>
          ))}
          <li>{t("ask.how.read", { count: answer.evidence.length })}</li>
          <li>
            {t("ask.how.model")} <code>{answer.model}</code>
          </li>
          {answer.timings_ms.total !== undefined && (
            <li>{t("ask.how.took", { seconds: shownNumber(answer.timings_ms.total / 1000, { maximumFractionDigits: 1 }) })}</li>
          )}
          <li>
            {t("ask.how.id")} <code>{answer.id}</code>
          </li>
        </ul>
      </details>
    </div>
  );
}

function InWords({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const { key, values } = inWords(decision);
  const until = typeof values.until === "string" && values.until !== "";
  return t(key, until ? { ...values, until: shownDate(String(values.until), { dateStyle: "medium", timeStyle: "short" }) } : values);
}

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** Returns what a kind of personal data is called; one that the catalogue does not know keeps the server's name. */
function kindName(t: Translate, kind: string): string {
  return t(`ask.kinds.${kind}`, { defaultValue: kind.toLowerCase().replaceAll("_", " ") });
}
