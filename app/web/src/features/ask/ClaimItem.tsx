import { useTranslation } from "react-i18next";
import { shownDate } from "@/app/language";
import { Button } from "@/components/Button";
import { Link } from "@/components/Link";
import { SourceText } from "@/components/SourceText";
import { VerdictBadge } from "@/components/VerdictBadge";
import { FeedbackOnClaim } from "@/features/feedback/FeedbackOnClaim";
import { openBeside } from "./beside";
import { placeOf, sourceOf, type Numbered } from "./quotes";
import { light, type Claim, type Turn } from "./store";
import styles from "./ClaimItem.module.css";

/** A statement with its verdict, and the words that it stands on. */
export function ClaimItem({
  turn,
  index,
  claim,
  quotes,
}: {
  turn: Turn;
  index: number;
  claim: Claim;
  quotes: readonly Numbered[];
}) {
  const { t } = useTranslation();
  return (
    <li className={styles.claim} data-claim={index + 1}>
      <p className={styles.text}>
        <SourceText text={claim.text} />
        {quotes.map(({ number }) => (
          <sup key={number} className={styles.mark}>
            [{number}]
          </sup>
        ))}
      </p>
      <div className={styles.meta}>
        <VerdictBadge verdict={claim.verdict} />
        {claim.verdict !== "supported" && (
          <span className={styles.reason}>
            <SourceText text={claim.reason} />
          </span>
        )}
        {turn.answer && (
          <FeedbackOnClaim
            answerId={turn.answer.id}
            claim={index}
            quotes={quotes.map(({ quote }) => quote)}
            scope={turn.scope}
          />
        )}
      </div>
      {quotes.length > 0 && (
        <ul className={styles.quotes} aria-label={t("ask.quotesOf", { number: index + 1 })}>
          {quotes.map((one) => (
            <QuoteItem key={one.number} one={one} turn={turn} />
          ))}
        </ul>
      )}
    </li>
  );
}

function QuoteItem({ one: { number, quote }, turn }: { one: Numbered; turn: Turn }) {
  const { t } = useTranslation();
  const { to, search } = sourceOf(quote, turn.scope.subject);
  const { from, to: end } = quote.in_force;
  const place = placeOf(quote);
  return (
    <li className={styles.quote}>
      <span className={styles.number} aria-hidden="true">
        {number}
      </span>
      <div className={styles.body}>
        <blockquote className={styles.words}>
          <SourceText text={quote.text} block />
        </blockquote>
        <p className={styles.origin}>
          <span
            onClickCapture={() => {
              light(turn.claims);
            }}
          >
            <Link to={to} search={search} className={styles.open} data={{ quote: String(number) }}>
              <span className="visually-hidden">{t("ask.openQuote", { number })} </span>
              <SourceText text={quote.title} />
            </Link>
          </span>
          <Button
            size="small"
            kind="quiet"
            className={`${styles.beside ?? ""} no-print`}
            onPress={() => {
              light(turn.claims);
              openBeside({ number, quote, subject: turn.scope.subject, asOf: turn.scope.asOf });
            }}
          >
            <span className="visually-hidden">{t("ask.openQuote", { number })} </span>
            {t("ask.beside.open")}
          </Button>
          {place !== "" && (
            <span>
              <SourceText text={place} />
            </span>
          )}
          {(from ?? end) && <span>{inForce(t, from ?? null, end ?? null)}</span>}
        </p>
      </div>
    </li>
  );
}

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** Says when a text is in force, in words. */
export function inForce(t: Translate, from: string | null, to: string | null): string {
  if (from !== null && to !== null) return t("ask.inForce.between", { from: shownDate(from), to: shownDate(to) });
  if (from !== null) return t("ask.inForce.since", { from: shownDate(from) });
  if (to !== null) return t("ask.inForce.until", { to: shownDate(to) });
  return t("ask.inForce.always");
}
