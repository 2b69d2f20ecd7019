import { useNavigate } from "@tanstack/react-router";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { dropCredential, useCredential } from "@/api/session";
import { Button } from "@/components/Button";
import { Select } from "@/components/Field";
import { Icon } from "@/components/Icon";
import button from "@/components/Button.module.css";
import field from "@/components/Field.module.css";
import { keepLanguage, LANGUAGES, nameOf } from "./language";
import { keepTheme, THEMES, useTheme, type Theme } from "./preferences";
import styles from "./PreferencesMenu.module.css";

/** Theme, language and the way out. */
export function PreferencesMenu() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const known = useCredential();
  const navigate = useNavigate();
  return (
    <DialogTrigger>
      <AriaButton className={`${button.button ?? ""} ${button.quiet ?? ""}`}>
        <Icon name="sun" />
        <span className="visually-hidden">{t("shell.preferences")}</span> <span>{i18n.language.toUpperCase()}</span>
      </AriaButton>
      <Popover className={field.popover} placement="bottom end">
        <Dialog className={styles.menu} aria-label={t("shell.preferences")}>
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
          <a href="/docs">{t("shell.api")}</a>
          {known !== null && (
            <Button
              icon="lock"
              onPress={() => {
                dropCredential();
                void navigate({ to: "/sign-in" });
              }}
            >
              {t("shell.signOut")}
            </Button>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
