import { useTranslation } from "react-i18next";
import { Badge, type Tone } from "./Badge";
import type { IconName } from "./Icon";

export type Verdict = "supported" | "contradicted" | "unsupported";

const LOOKS: Record<Verdict, { tone: Tone; icon: IconName }> = {
  supported: { tone: "good", icon: "good" },
  contradicted: { tone: "bad", icon: "bad" },
  unsupported: { tone: "warn", icon: "question" },
};

/** What the checker said of a statement: a word and a sign, never a colour alone. */
export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  const looks = LOOKS[verdict];
  return (
    <Badge tone={looks.tone} icon={looks.icon}>
      {t(`verdict.${verdict}`)}
    </Badge>
  );
}
