import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { TextField } from "@/components/Field";
import type { Finding } from "./finding";
import styles from "./sources.module.css";

/** Finds a text in the version that is shown: Enter goes to the next place, Shift and Enter to the one before. */
export function FindBar({ wanted, onChange, finding }: { wanted: string; onChange: (wanted: string) => void; finding: Finding }) {
  const { t } = useTranslation();
  const count = finding.found.length;
  const said =
    wanted.trim() === ""
      ? ""
      : count > 0
        ? t(finding.more ? "sources.foundMore" : "sources.found", { number: finding.number + 1, total: count })
        : finding.busy
          ? t("sources.finding")
          : t("sources.notFound");
  return (
    <form
      role="search"
      className={styles.find}
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the field within */}
      <div
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            finding.go(event.shiftKey ? -1 : 1);
          }
        }}
      >
        <TextField label={t("sources.find")} labelHidden placeholder={t("sources.find")} value={wanted} onChange={onChange} type="search" maxLength={200} />
      </div>
      <Button size="small" icon="left" iconOnly isDisabled={count === 0} onPress={() => { finding.go(-1); }}>
        {t("sources.findPrevious")}
      </Button>
      <Button size="small" icon="right" iconOnly isDisabled={count === 0} onPress={() => { finding.go(1); }}>
        {t("sources.findNext")}
      </Button>
      <span role="status" className={styles.muted}>
        {said}
      </span>
    </form>
  );
}
