import { Button as AriaButton, type ButtonProps as AriaProps } from "react-aria-components";
import type { ReactNode, Ref } from "react";
import { Icon, type IconName } from "./Icon";
import { names } from "./names";
import styles from "./Button.module.css";

export interface ButtonProps extends Omit<AriaProps, "children" | "className" | "style"> {
  kind?: "primary" | "secondary" | "quiet" | "danger";
  size?: "normal" | "small";
  icon?: IconName;
  /** Shows the icon alone; the text stays for screen readers and as a tooltip. */
  iconOnly?: boolean;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

export function Button({ kind = "secondary", size = "normal", icon, iconOnly, className, children, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      className={names(styles.button, styles[kind], size === "small" && styles.small, iconOnly && styles.iconOnly, className)}
    >
      {icon && <Icon name={icon} size={size === "small" ? 16 : 20} />}
      {iconOnly ? <span className="visually-hidden">{children}</span> : <span>{children}</span>}
    </AriaButton>
  );
}
