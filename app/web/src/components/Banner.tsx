import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import { names } from "./names";
import styles from "./Banner.module.css";

/** Something that must be seen beside what it is about, such as a break-glass. */
export function Banner({
  tone = "info",
  icon,
  children,
  role,
}: {
  tone?: "info" | "warn" | "bad" | "good";
  icon?: IconName;
  children: ReactNode;
  role?: "status" | "alert";
}) {
  return (
    <div className={names(styles.banner, styles[tone])} role={role}>
      <Icon name={icon ?? (tone === "info" ? "info" : tone === "good" ? "good" : "warning")} />
      <div className={styles.text}>{children}</div>
    </div>
  );
}
