import { useTranslation } from "react-i18next";
import { keepShortcutsOn, useShortcutsOn } from "@/app/shortcuts";
import { Dialog } from "@/components/Dialog";
import { Checkbox } from "@/components/Field";
import styles from "./ShortcutsDialog.module.css";

const ROWS: readonly (readonly [keys: readonly string[], text: string])[] = [
  [["Ctrl", "Enter"], "ask.keys.send"],
  [["Esc"], "ask.keys.stop"],
  [["/"], "ask.keys.question"],
  [["1", "…", "9"], "ask.keys.quote"],
  [["j", "k"], "ask.keys.next"],
  [["Enter"], "ask.keys.open"],
  [["c"], "ask.keys.copy"],
  [["n"], "ask.keys.anew"],
  [["h"], "ask.keys.history"],
  [["?"], "ask.keys.help"],
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const on = useShortcutsOn();
  return (
    <Dialog title={t("ask.keys.title")} open onClose={onClose}>
      <dl className={styles.keys}>
        {ROWS.map(([keys, text]) => (
          <div key={text} className={styles.row}>
            <dt>
              {keys.map((key) => (key === "…" ? <span key={key}> … </span> : <kbd key={key}>{key}</kbd>))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <Checkbox label={t("ask.keys.on")} hint={t("ask.keys.onHint")} checked={on} onChange={keepShortcutsOn} />
    </Dialog>
  );
}
