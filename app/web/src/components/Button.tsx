import { Button as AriaButton, type ButtonProps as AriaProps } from "react-aria-components";
import type { ReactNode, Ref } from "react";
import { Icon, type IconName } from "./Icon";
import { names } from "./names";
import styles from "./Button.module.css";

export interface ButtonProps extends Omit<AriaProps, "children" | "className" | "style" | "isPending"> {
  kind?: "primary" | "secondary" | "quiet" | "danger";
  size?: "normal" | "small";
  icon?: IconName;
  /** Shows the icon alone; the text stays for screen readers and as a tooltip. */
  iconOnly?: boolean;
  /** What it began is under way; it keeps the focus and does nothing meanwhile. */
  isPending?: boolean;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

export function Button({
  kind = "secondary",
  size = "normal",
  icon,
  iconOnly,
  isPending = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  // React Aria's own pending state leaves an announcement behind that names an element which is gone.
  const { onPress, type, ...others } = rest;
  return (
    <AriaButton
      {...others}
      {...(isPending || onPress === undefined ? {} : { onPress })}
      type={isPending ? "button" : (type ?? "button")}
      className={names(
        styles.button,
        styles[kind],
        size === "small" && styles.small,
        iconOnly && styles.iconOnly,
        isPending && styles.pending,
        className,
      )}
    >
      {isPending && <span className={styles.spinner} aria-hidden="true" />}
      {icon && !isPending && <Icon name={icon} size={size === "small" ? 16 : 20} />}
      {iconOnly ? <span className="visually-hidden">{children}</span> : <span>{children}</span>}
    </AriaButton>
  );
}
