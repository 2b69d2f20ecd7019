import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Badge, type Tone } from "@/components/Badge";
import { Link } from "@/components/Link";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { VerdictBadge } from "@/components/VerdictBadge";
import { placeOf, type Check, type Citation, type Quotation, type Sentence } from "./marks";
import styles from "./Check.module.css";

const TONES: Record<Citation["state"] | Quotation["state"], Tone> = {
  found: "good",
  verbatim: "good",
  unknown: "bad",
  misquoted: "bad",
  elsewhere: "warn",
  not_found: "warn",
};

/** A sentence's verdict with the reason, and the words that say so or say otherwise. */
export function SentenceDetail({
  sentence,
  faults,
  subject,
}: {
  sentence: Sentence;
  faults: readonly (Citation | Quotation)[];
  subject: string;
}) {
  const { t } = useTranslation();
  return (
    <div className={styles.detail}>
      <p>
        <VerdictBadge verdict={sentence.verdict} />
      </p>
      <p>
        <SourceText text={sentence.reason} />
      </p>
      {sentence.quotes.length > 0 && (
        <>
          <h3>{t(sentence.verdict === "contradicted" ? "check.contradiction" : "check.best")}</h3>
          {sentence.quotes.map((quote) => (
            <QuoteBlock key={`${quote.passage_id}.${String(quote.start)}`} quote={quote} subject={subject} />
          ))}
        </>
      )}
      {faults.map((one) => (
        <Reference key={`${String(one.start)}.${one.text}`} one={one} subject={subject} />
      ))}
    </div>
  );
}

/** Citations and quotations of the draft, each with what became of it. */
export function References({ check, subject }: { check: Check; subject: string }) {
  const { t } = useTranslation();
  const lists = [
    { title: t("check.citations"), items: check.citations as readonly (Citation | Quotation)[], empty: t("check.noCitations") },
    { title: t("check.quotations"), items: check.quotations, empty: t("check.noQuotations") },
  ];
  return lists.map(({ title, items, empty }) => (
    <Panel key={title} title={title}>
      {items.length === 0 && <p className={styles.muted}>{empty}</p>}
      <ul className={styles.references}>
        {items.map((one) => (
          <li key={`${String(one.start)}.${one.text}`}>
            <Reference one={one} subject={subject} />
          </li>
        ))}
      </ul>
    </Panel>
  ));
}

function Reference({ one, subject }: { one: Citation | Quotation; subject: string }) {
  const { t } = useTranslation();
  return (
    <div className={styles.reference}>
      <p>
        <Badge tone={TONES[one.state]} icon={TONES[one.state] === "good" ? "good" : "warning"}>
          {t(`check.states.${one.state}`)}
        </Badge>{" "}
        <strong>
          <SourceText text={one.text} />
        </strong>
      </p>
      <p className={styles.muted}>
        <SourceText text={one.reason} />
      </p>
      {"difference" in one && one.difference.length > 0 && <Difference parts={one.difference} />}
      {one.source && (
        <p>
          {one.state !== "found" && `${t("check.nearest")} `}
          <SourceLink quote={one.source} subject={subject} />
        </p>
      )}
    </div>
  );
}

function Difference({ parts }: { parts: Quotation["difference"] }) {
  const { t } = useTranslation();
  return (
    <p className={styles.difference}>
      {parts.map((part, index) =>
        part.of === "quoted" ? (
          <del key={index}>
            <span className="visually-hidden">{t("check.onlyDraft")} </span>
            <SourceText text={part.text} />
          </del>
        ) : part.of === "source" ? (
          <ins key={index}>
            <span className="visually-hidden">{t("check.onlySource")} </span>
            <SourceText text={part.text} />
          </ins>
        ) : (
          <SourceText key={index} text={part.text} />
        ),
      )}
    </p>
  );
}

function QuoteBlock({ quote, subject }: { quote: Schema<"QuoteView">; subject: string }) {
  return (
    <figure className={styles.quote}>
      <blockquote>
        <SourceText text={quote.text} />
      </blockquote>
      <figcaption>
        <SourceLink quote={quote} subject={subject} />
      </figcaption>
    </figure>
  );
}

function SourceLink({ quote, subject }: { quote: Schema<"QuoteView">; subject: string }) {
  const search = { start: quote.start, end: quote.end, ...(subject === "" ? {} : { subject }) };
  return (
    <Link to={`/sources/${quote.version_id}`} search={search}>
      <SourceText text={placeOf(quote)} />
    </Link>
  );
}
