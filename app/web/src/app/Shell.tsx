import { useQuery } from "@tanstack/react-query";
import { Link as RouterLink, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { me } from "@/api/queries";
import { dropCredential, useCredential } from "@/api/session";
import { Button } from "@/components/Button";
import { ErrorBoundary } from "@/components/ErrorBoundary";
import { ErrorState } from "@/components/ErrorState";
import { Icon } from "@/components/Icon";
import { Loading } from "@/components/Loading";
import { OfflineBanner } from "@/components/OfflineBanner";
import { SourceText } from "@/components/SourceText";
import { Toasts } from "@/components/Toast";
import { names } from "@/components/names";
import type { NavigationEntry } from "./feature";
import { entriesFor } from "./navigation";
import { PreferencesMenu } from "./PreferencesMenu";
import { keepBefore } from "./signin";
import styles from "./Shell.module.css";

/** What stands around every page: the way to the others, who is signed in, how it looks, and the news. */
export function Shell() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(me);
  const [open, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useLeaveWhenSignedOut(error);
  // Going somewhere closes the navigation of a narrow window.
  const [shownAt, setShownAt] = useState(path);
  if (shownAt !== path) {
    setShownAt(path);
    setOpen(false);
  }
  const entries = data ? entriesFor(data.roles) : [];
  return (
    <div className={styles.shell}>
      <a className={names("visually-hidden", styles.skip)} href="#main">
        {t("shell.skip")}
      </a>
      <header className={names(styles.bar, "no-print")}>
        <Button
          ref={toggle}
          kind="quiet"
          icon={open ? "close" : "menu"}
          iconOnly
          className={styles.toggle}
          aria-expanded={open}
          onPress={() => {
            setOpen(!open);
          }}
        >
          {t("shell.menu")}
        </Button>
        <RouterLink to="/" className={styles.brand}>
          <img src="/favicon.svg" alt="" width={28} height={28} />
          <span>Consilium</span>
        </RouterLink>
        <div className={styles.right}>
          {data && (
            <span className={styles.who}>
              <Icon name="person" size={18} />
              <SourceText text={data.id} />
            </span>
          )}
          <PreferencesMenu />
        </div>
      </header>
      {/* Escape closes the navigation of a narrow window; each control within has its own handlers. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <nav
        className={names(styles.side, open && styles.open, "no-print")}
        aria-label={t("shell.navigation")}
        onKeyDown={(event) => {
          if (event.key === "Escape" && open) {
            setOpen(false);
            toggle.current?.focus();
          }
        }}
      >
        <Entries title={t("shell.work")} entries={entries.filter((one) => one.group === "work")} />
        <Entries title={t("shell.oversight")} entries={entries.filter((one) => one.group === "oversight")} />
      </nav>
      <main id="main" className={styles.main} tabIndex={-1}>
        <OfflineBanner />
        {error && asProblem(error).status !== 401 ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : data ? (
          <ErrorBoundary key={path}>
            <Outlet />
          </ErrorBoundary>
        ) : (
          <Loading />
        )}
      </main>
      <Toasts />
    </div>
  );
}

function Entries({ title, entries }: { title: string; entries: readonly NavigationEntry[] }) {
  const { t } = useTranslation();
  if (entries.length === 0) return null;
  return (
    <div className={styles.group}>
      <p className={styles.groupTitle} aria-hidden="true">
        {title}
      </p>
      <ul aria-label={title}>
        {entries.map((entry) => (
          <li key={entry.to}>
            <RouterLink to={entry.to} className={styles.entry} activeProps={{ "aria-current": "page" }}>
              <Icon name={entry.icon} />
              <span>{t(entry.label)}</span>
            </RouterLink>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Goes to the sign-in when there is no credential any more, or the server does not take it. */
function useLeaveWhenSignedOut(error: unknown): void {
  const navigate = useNavigate();
  const known = useCredential();
  const refused = error !== null && asProblem(error).signedOut;
  useEffect(() => {
    if (known !== null && !refused) return;
    const before = window.location.pathname + window.location.search;
    if (refused) {
      dropCredential();
      keepBefore(before);
    }
    void navigate({ to: "/sign-in", search: refused ? { expired: true } : {} });
  }, [known, refused, navigate]);
}
