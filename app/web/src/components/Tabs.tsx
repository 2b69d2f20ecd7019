import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import styles from "./Tabs.module.css";

export interface TabItem {
  id: string;
  title: ReactNode;
  content: ReactNode;
}

export function Tabs({
  label,
  items,
  selected,
  onSelect,
}: {
  label: string;
  items: readonly TabItem[];
  selected?: string;
  onSelect?: (id: string) => void;
}) {
  return (
    <AriaTabs
      {...(selected === undefined ? {} : { selectedKey: selected })}
      onSelectionChange={(key) => onSelect?.(String(key))}
      className={styles.tabs}
    >
      <TabList aria-label={label} className={styles.list}>
        {items.map((one) => (
          <Tab key={one.id} id={one.id} className={styles.tab}>
            {one.title}
          </Tab>
        ))}
      </TabList>
      {items.map((one) => (
        <TabPanel key={one.id} id={one.id} className={styles.panel}>
          {one.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
