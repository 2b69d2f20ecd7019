import { useTranslation } from "react-i18next";

/** Returns what names a group of results in the reader's language; its own name where that is not known. */
export function useGroup(): (group: string) => string {
  const { t, i18n } = useTranslation();
  return (group) => {
    const key = group.toLowerCase().replace(/[^a-z]+/g, "_");
    return i18n.exists(`records.groups.${key}`) ? t(`records.groups.${key}`) : group;
  };
}

/** Returns what says in words what could not be read. */
export function useUnread(): (reasons: readonly string[]) => string {
  const { t } = useTranslation();
  return (reasons) => [...new Set(reasons)].map((one) => t(`records.unread.${one}`)).join("; ");
}
