import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, useMe } from "@/api/queries";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Tabs } from "@/components/Tabs";
import { Appearance } from "./Appearance";
import { Configuration } from "./Configuration";
import { Health } from "./Health";
import { Keys } from "./Keys";

export default function SettingsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const administrates = me !== undefined && hasRole(me.roles, ["administrator"]);
  const [tab, setTab] = useState("configuration");
  const items = [
    { id: "configuration", title: t("settings.configuration"), content: <Configuration /> },
    // Who may not see the configuration is told so there, once, and not in each part of it.
    ...(administrates
      ? [
          { id: "health", title: t("settings.health"), content: <Health /> },
          { id: "keys", title: t("settings.keys"), content: <Keys /> },
        ]
      : []),
    { id: "appearance", title: t("settings.appearance"), content: <Appearance /> },
  ];
  return (
    <Page title={t("settings.title")} lead={t("settings.lead")}>
      {me === undefined ? <Loading /> : <Tabs label={t("settings.title")} items={items} selected={tab} onSelect={setTab} />}
    </Page>
  );
}
