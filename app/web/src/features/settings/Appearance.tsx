import { useTranslation } from "react-i18next";
import { keepLanguage, LANGUAGES, nameOf } from "@/app/language";
import { keepTheme, THEMES, useTheme, type Theme } from "@/app/preferences";
import { Select } from "@/components/Field";
import { Panel } from "@/components/Panel";
import styles from "./Settings.module.css";

/** How the client looks and speaks on this machine. */
export function Appearance() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  return (
    <Panel title={t("settings.appearance")}>
      <p>{t("settings.appearanceHelp")}</p>
      <div className={styles.form}>
        <Select
          label={t("shell.theme")}
          value={theme}
          onChange={(value) => {
            keepTheme(value as Theme);
          }}
          options={THEMES.map((one) => ({ id: one, label: t(`shell.themes.${one}`) }))}
        />
        <Select
          label={t("shell.language")}
          value={i18n.language}
          onChange={(value) => void keepLanguage(value)}
          options={LANGUAGES.map((one) => ({ id: one, label: nameOf(one) }))}
        />
      </div>
    </Panel>
  );
}
