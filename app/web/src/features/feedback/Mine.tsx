import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { askAnew } from "@/api/queries";
import { shownDate } from "@/app/language";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { Table } from "@/components/Table";
import { mine, takeBack } from "./queries";
import { VerdictOf } from "./FeedbackPage";
import styles from "./feedback.module.css";

/** What somebody said themselves, to be taken back. */
export function Mine() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(mine);
  const taking = useMutation({
    mutationFn: takeBack,
    onSuccess: () => askAnew(client, ["feedback"]),
  });
  return (
    <Panel title={t("feedback.mine")}>
      {taking.error && <ErrorState error={taking.error} />}
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading />
      ) : data.feedback.length === 0 ? (
        <p className={styles.note}>{t("feedback.mineNone")}</p>
      ) : (
        <Table
          caption={t("feedback.mine")}
          captionHidden
          rows={data.feedback}
          rowId={(one) => one.id}
          columns={[
            {
              id: "at",
              title: t("feedback.at"),
              heads: true,
              cell: (one) => shownDate(one.at, { dateStyle: "medium", timeStyle: "short" }),
            },
            { id: "verdict", title: t("feedback.verdict"), cell: (one) => <VerdictOf verdict={one.verdict} /> },
            {
              id: "of",
              title: t("feedback.of"),
              cell: (one) => (one.claim === null ? t("feedback.wholeAnswer") : t("feedback.claimNumber", { number: one.claim + 1 })),
            },
            { id: "comment", title: t("feedback.comment"), cell: (one) => <SourceText text={one.comment} /> },
            {
              id: "back",
              title: t("feedback.takeBack"),
              cell: (one) => (
                <Button size="small" icon="trash" isDisabled={taking.isPending} onPress={() => { taking.mutate(one.id); }}>
                  {t("feedback.takeBack")}
                </Button>
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}
