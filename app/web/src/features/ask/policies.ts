import type { Schema } from "@/api/client";

export type Decision = Schema<"DecisionView">;

/** What a policy did, as a text of the catalogue with its numbers. */
export interface Word {
  key: string;
  values: Record<string, string | number>;
  /** Whether it changed what is shown; the others only let it pass. */
  acted: boolean;
}

const KNOWN: Record<string, string> = {
  "access.policies allow": "rulesAllow",
  "access allow": "accessAllow",
  "access deny": "accessDeny",
  "grounding allow": "groundingAllow",
  "grounding drop": "groundingDrop",
  "injection drop": "injectionDrop",
  "disclosure allow": "disclosureAllow",
  "disclosure redact": "disclosureRedact",
  "break-glass flag": "breakGlass",
  "follow-up widen": "followUp",
};
const BEHIND_A_WALL = "behind a wall";
const BY_WORDS = "by words alone";

/** Returns decisions in plain words. One that is not known is shown as the server words it. */
export function inWords(decision: Decision): Word {
  const known = KNOWN[`${decision.policy} ${decision.decision}`];
  const acted = decision.decision !== "allow";
  if (known === undefined) {
    return { key: "ask.policy.other", values: { policy: decision.policy, reason: decision.reason }, acted };
  }
  const numbers = [...decision.reason.matchAll(/(?<![\w-])\d+(?![\w-])/g)].map((match) => Number(match[0]));
  const [first = 0, second = 0] = numbers;
  switch (known) {
    case "accessDeny":
      return {
        key: decision.reason.includes(BEHIND_A_WALL) ? "ask.policy.accessWall" : "ask.policy.accessDeny",
        values: { count: first },
        acted,
      };
    case "accessAllow":
      return decision.reason.includes(BY_WORDS)
        ? { key: "ask.policy.accessWords", values: {}, acted: true }
        : { key: "ask.policy.accessAllow", values: {}, acted };
    case "groundingAllow":
    case "groundingDrop":
      return { key: `ask.policy.${known}`, values: { count: first, drafted: second }, acted };
    case "injectionDrop":
      return { key: "ask.policy.injectionDrop", values: { count: first }, acted };
    case "breakGlass":
      return { key: "ask.policy.breakGlass", values: { until: untilIn(decision.reason) }, acted };
    default:
      return { key: `ask.policy.${known}`, values: {}, acted };
  }
}

/** Returns the end of a break-glass, as ISO 8601; "" where none is named. */
function untilIn(reason: string): string {
  return /until (\S+?);/.exec(reason)?.[1] ?? "";
}

/** Returns how many details were redacted, over all kinds. */
export function redacted(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
