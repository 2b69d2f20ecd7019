import { useTranslation } from "react-i18next";
import { changeScope, useScope } from "@/app/scope";
import { Badge } from "@/components/Badge";
import { Banner } from "@/components/Banner";
import { Link, LinkButton } from "@/components/Link";
import { SourceText } from "@/components/SourceText";
import type { Chart, Matter } from "./queries";
import { litIn, sourceOf, type Span } from "./places";
import { useLit } from "@/app/lit";
import styles from "./records.module.css";

/** What acted on a view: an emergency, a day that is not today, words kept back, texts that were not read. */
export function Notices({ view }: { view: Chart | Matter }) {
  const { t } = useTranslation();
  const { asOf } = useScope();
  const glass = view.policies.filter((one) => one.policy === "break-glass");
  const hidden = Object.values(view.redactions).reduce((sum, count) => sum + count, 0);
  return (
    <>
      {glass.map((one) => (
        <Banner key={one.reason} tone="warn">
          {t("records.breakGlass")} <SourceText text={one.reason} />
        </Banner>
      ))}
      {asOf !== "" && <Banner>{t("records.asOf", { day: view.as_of })}</Banner>}
      {hidden > 0 && <Banner>{t("records.redacted", { count: hidden })}</Banner>}
      {view.unread.map((one) => (
        <Banner key={`${one.version_id} ${one.reason}`} tone="warn">
          {t(`records.notRead.${one.reason}`)}{" "}
          <Link to={`/sources/${encodeURIComponent(one.version_id)}`} search={{ subject: view.subject }}>
            {t("records.openSource")}
          </Link>
        </Banner>
      ))}
    </>
  );
}

/** Goes on to a question about whom the page is about. */
export function AskAbout({ subject, other }: { subject: string; other: "charts" | "matters" }) {
  const { t } = useTranslation();
  return (
    <>
      <span
        onClickCapture={() => {
          changeScope({ subject });
        }}
      >
        <LinkButton to="/ask" icon="ask">
          {t("records.ask")}
        </LinkButton>
      </span>
      <LinkButton to={`/${other}/${encodeURIComponent(subject)}`} icon={other === "charts" ? "chart" : "matter"} kind="quiet">
        {t(`records.as_${other}`)}
      </LinkButton>
    </>
  );
}

/** A link to a place in its source, and the mark of a quote of the last answer that stands there. */
export function Source({ place, subject, name }: { place: Span; subject: string; name: string }) {
  const { t } = useTranslation();
  const { asOf } = useScope();
  const { to, search } = sourceOf(place, subject, asOf);
  return (
    <span className={styles.source}>
      <Link to={to} search={search} aria-label={t("records.sourceOf", { name })}>
        {t("records.source")}
      </Link>
      <Quoted place={place} />
    </span>
  );
}

/** Says which quotes of the last answer stand in a place, in words and not by colour alone. */
export function Quoted({ place }: { place: Span }) {
  const { t } = useTranslation();
  const numbers = litIn(place, useLit());
  if (numbers.length === 0) return null;
  return (
    <Badge tone="warn" icon="check">
      {t("records.quoted", { numbers: numbers.join(", ") })}
    </Badge>
  );
}
