import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/Badge";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Panel } from "@/components/Panel";
import { configuration } from "./queries";
import styles from "./Settings.module.css";

/** Whether questions can be answered now, part by part and in plain words. */
export function Health() {
  const { t, i18n } = useTranslation();
  const { data, error, refetch, isFetching } = useQuery(configuration);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const well = data.parts.every((one) => one.ready);
  const named = (part: string, what: string) =>
    i18n.exists(`settings.parts.${part}.${what}`) ? t(`settings.parts.${part}.${what}`) : what === "name" ? part : "";
  return (
    <Panel
      title={t("settings.health")}
      actions={
        <Button icon="retry" isPending={isFetching} onPress={() => void refetch()}>
          {t("settings.lookAgain")}
        </Button>
      }
    >
      <Banner tone={well ? "good" : "bad"} role="status">
        {t(well ? "settings.well" : "settings.unwell")}
      </Banner>
      <ul className={styles.parts}>
        {data.parts.map((one) => (
          <li key={one.part}>
            <h3>{named(one.part, "name")}</h3>
            <p>{named(one.part, "meaning")}</p>
            <Badge tone={one.ready ? "good" : "bad"} icon={one.ready ? "good" : "bad"}>
              {t(one.ready ? "settings.ready" : "settings.notReady")}
            </Badge>{" "}
            {one.code && <code>{one.code}</code>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
