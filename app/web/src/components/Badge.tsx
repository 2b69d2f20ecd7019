import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import { names } from "./names";
import styles from "./Badge.module.css";

export type Tone = "neutral" | "good" | "warn" | "bad" | "info";

export function Badge({ tone = "neutral", icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={names(styles.badge, styles[tone])}>
      {icon && <Icon name={icon} size={14} />}
      <span>{children}</span>
    </span>
  );
}
