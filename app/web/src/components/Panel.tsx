import { useId, type ReactNode } from "react";
import { names } from "./names";
import styles from "./Panel.module.css";

/** A part of a page with a heading of its own. */
export function Panel({
  title,
  level = 2,
  actions,
  className,
  children,
}: {
  title?: ReactNode;
  level?: 2 | 3;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section className={names(styles.panel, className)} aria-labelledby={title ? id : undefined}>
      {(title || actions) && (
        <header className={styles.head}>
          {title && <Heading id={id}>{title}</Heading>}
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
