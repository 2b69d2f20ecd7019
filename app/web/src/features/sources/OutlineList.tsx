import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ListBox, ListBoxItem, ListLayout, Virtualizer } from "react-aria-components";
import { visible } from "@/components/visible";
import type { Outline } from "./queries";
import styles from "./sources.module.css";

const ROW = 34;

/** The sections of a version: arrow keys and first letters move, Enter goes there. */
export function OutlineList({ outline, current, onGo }: { outline: Outline; current: number | null; onGo: (place: number) => void }) {
  const { t } = useTranslation();
  const items = useMemo(
    () => outline.sections.filter((one) => one.heading !== "").map((one) => ({ id: one.number, section: one, label: visible(one.heading) })),
    [outline],
  );
  const starts = useMemo(() => new Map(items.map((one) => [one.id, one.section.start])), [items]);
  if (items.length === 0) return <p className={styles.muted}>{t("sources.noSections")}</p>;
  return (
    <>
      <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: ROW }}>
        <ListBox
          aria-label={t("sources.outline")}
          className={styles.outline}
          items={items}
          selectionMode="single"
          selectionBehavior="replace"
          selectedKeys={current === null ? [] : [current]}
          onAction={(key) => {
            onGo(starts.get(Number(key)) ?? 0);
          }}
        >
          {({ section, label }) => (
            <ListBoxItem textValue={label} className={styles.entry}>
              <span className={styles.indent} style={{ inlineSize: `${Math.min(section.level - 1, 6) * 0.75}rem` }} />
              <bdi dir="auto" className={styles.entryText}>
                {label}
              </bdi>
              {section.page && <span className={styles.entryPage}>{section.page}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Virtualizer>
      {outline.more_sections > 0 && <p className={styles.muted}>{t("sources.moreSections", { count: outline.more_sections })}</p>}
    </>
  );
}
