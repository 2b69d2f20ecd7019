import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Icon, type IconName } from "./Icon";
import field from "./Field.module.css";
import styles from "./Menu.module.css";

export interface MenuAction {
  id: string;
  label: string;
  icon?: IconName;
  onAction: () => void;
}

/** A button that opens a list of things to do. */
export function Menu({ trigger, label, actions }: { trigger: ReactNode; label: string; actions: readonly MenuAction[] }) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={field.popover} placement="bottom end">
        <AriaMenu aria-label={label} className={field.list} items={actions.map((one) => ({ ...one }))}>
          {(one) => (
            <MenuItem id={one.id} textValue={one.label} onAction={one.onAction} className={`${field.item} ${styles.item}`}>
              {one.icon && <Icon name={one.icon} size={18} />}
              <span>{one.label}</span>
            </MenuItem>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
