import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import { names } from "./names";
import button from "./Button.module.css";

export interface LinkProps {
  /** A path of this client, such as "/documents"; foreign addresses are never links. */
  to: string;
  search?: Record<string, unknown>;
  children: ReactNode;
  className?: string;
  "aria-label"?: string;
  id?: string;
  /** Becomes `data-…` attributes. */
  data?: Record<string, string>;
}

export function Link({ to, search, data, ...rest }: LinkProps) {
  const marks = Object.fromEntries(Object.entries(data ?? {}).map(([name, value]) => [`data-${name}`, value]));
  return <RouterLink to={to} {...(search ? { search: () => search } : {})} {...marks} {...rest} />;
}

/** A link that looks like a button, for going somewhere as the next step. */
export function LinkButton({
  icon,
  kind = "secondary",
  children,
  className,
  ...rest
}: LinkProps & { icon?: IconName; kind?: "primary" | "secondary" | "quiet" }) {
  return (
    <Link {...rest} className={names(button.button, button[kind], className)}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </Link>
  );
}
