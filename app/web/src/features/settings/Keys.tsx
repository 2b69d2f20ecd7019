import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, given } from "@/api/client";
import { askAnew } from "@/api/queries";
import { shownDate, shownNumber } from "@/app/language";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Table } from "@/components/Table";
import { toast } from "@/components/toasts";
import { NewKey } from "./NewKey";
import { keys } from "./queries";
import { daysUntil, ordered, type Key } from "./shown";

/** The keys of systems: which there are, until when, and how to end one. */
export function Keys() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(keys);
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Key | null>(null);
  const [now] = useState(() => Date.now());
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const rows = ordered(data.keys);
  return (
    <Panel
      title={t("settings.keys")}
      actions={
        <Button kind="primary" icon="plus" onPress={() => { setMaking(true); }}>
          {t("settings.newKey")}
        </Button>
      }
    >
      <p>{t("settings.keysHelp")}</p>
      {rows.length === 0 ? (
        <EmptyState title={t("settings.noKeys")}>{t("settings.noKeysHelp")}</EmptyState>
      ) : (
        <Table
          caption={t("settings.keys")}
          captionHidden
          rows={rows}
          rowId={(one) => one.id}
          columns={[
            { id: "name", title: t("settings.keyName"), heads: true, cell: (one) => <SourceText text={one.name} /> },
            { id: "roles", title: t("settings.roles"), cell: (one) => one.roles.map((role) => t(`settings.roleNames.${role}`)).join(", ") },
            {
              id: "state",
              title: t("settings.state"),
              cell: (one) => <Badge tone={one.state === "active" ? "good" : "neutral"}>{t(`settings.states.${one.state}`)}</Badge>,
            },
            {
              id: "expires",
              title: t("settings.expires"),
              cell: (one) => (
                <>
                  {shownDate(one.expires_at)}
                  {one.state === "active" && ` (${t("settings.daysLeft", { n: shownNumber(daysUntil(one.expires_at, now)) })})`}
                </>
              ),
            },
            { id: "used", title: t("settings.lastUsed"), cell: (one) => (one.last_used ? shownDate(one.last_used) : "–") },
            {
              id: "end",
              title: t("settings.action"),
              cell: (one) =>
                one.state === "active" && (
                  <Button size="small" kind="danger" onPress={() => { setEnding(one); }} aria-label={t("settings.revokeNamed", { name: one.name })}>
                    {t("settings.revoke")}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {making && <NewKey onClose={() => { setMaking(false); }} />}
      {ending && <Revoke key_={ending} onClose={() => { setEnding(null); }} />}
    </Panel>
  );
}

function Revoke({ key_, onClose }: { key_: Key; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => given(api.DELETE("/v1/keys/{key_id}", { params: { path: { key_id: key_.id } } })),
    onSuccess: async () => {
      toast(t("settings.revoked"));
      onClose();
      await askAnew(queries, keys.queryKey);
    },
  });
  return (
    <Dialog
      title={t("settings.revokeTitle")}
      open
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button kind="danger" isPending={revoke.isPending} onPress={() => { revoke.mutate(); }}>
            {t("settings.revoke")}
          </Button>
        </>
      }
    >
      <p>
        <SourceText text={key_.name} />: {t("settings.revokeText")}
      </p>
      {revoke.error && <ErrorState error={revoke.error} />}
    </Dialog>
  );
}
