import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { shownNumber } from "@/app/language";
import { Badge, type Tone } from "@/components/Badge";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Table } from "@/components/Table";
import { verdictKey } from "./figures";
import { comparison } from "./queries";

const TONES: Record<string, Tone> = { better: "good", worse: "bad" };
const signed = (value: number) => shownNumber(value, { maximumFractionDigits: 3, signDisplay: "exceptZero" });
const plain = (value: number) => shownNumber(value, { maximumFractionDigits: 3 });

/** How this run differs from another, case by case, and what the interval allows to be said. */
export function Compared({ id, against }: { id: string; against: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(comparison(id, against));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <Table
      caption={t("evaluations.differences")}
      rows={data.differences}
      rowId={(one) => one.name}
      columns={[
        { id: "name", title: t("evaluations.figure"), heads: true, cell: (one) => <code>{one.name}</code> },
        { id: "first", title: t("evaluations.other"), numeric: true, cell: (one) => plain(one.first) },
        { id: "second", title: t("evaluations.this"), numeric: true, cell: (one) => plain(one.second) },
        { id: "difference", title: t("evaluations.difference"), numeric: true, cell: (one) => signed(one.difference) },
        { id: "interval", title: t("evaluations.interval"), numeric: true, cell: (one) => `${signed(one.low)} – ${signed(one.high)}` },
        { id: "count", title: t("evaluations.cases"), numeric: true, cell: (one) => shownNumber(one.count) },
        {
          id: "verdict",
          title: t("evaluations.verdict"),
          cell: (one) => <Badge tone={TONES[one.verdict] ?? "neutral"}>{t(`evaluations.verdicts.${verdictKey(one.verdict)}`)}</Badge>,
        },
      ]}
    />
  );
}
