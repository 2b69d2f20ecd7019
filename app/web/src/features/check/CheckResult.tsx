import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Select } from "@/components/Field";
import { Icon } from "@/components/Icon";
import { names } from "@/components/names";
import { Panel } from "@/components/Panel";
import { SourceText } from "@/components/SourceText";
import { toast } from "@/components/toasts";
import { asText, faultsIn, isProblem, next, shownBy, stretches, type Check, type Filter, type Sentence } from "./marks";
import { References, SentenceDetail } from "./Details";
import styles from "./Check.module.css";

const ICONS = { supported: "good", contradicted: "bad", unsupported: "question" } as const;
const FILTERS: readonly Filter[] = ["all", "problems", "supported", "contradicted", "unsupported"];

export function CheckResult({
  draft,
  check,
  subject,
  onAgain,
}: {
  draft: string;
  check: Check;
  subject: string;
  onAgain: () => void;
}) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<Filter>("all");
  const problems = useMemo(() => shownBy(check, "problems"), [check]);
  const [chosen, setChosen] = useState<number | null>(problems[0] ?? (check.sentences.length > 0 ? 0 : null));
  const shown = useMemo(() => new Set(shownBy(check, filter)), [check, filter]);
  const text = useRef<HTMLDivElement>(null);
  const sentence = chosen === null ? undefined : check.sentences[chosen];

  function go(step: 1 | -1, focus: boolean) {
    const to = next(problems, chosen, step);
    if (to === null) return;
    setChosen(to);
    const mark = text.current?.querySelector<HTMLElement>(`[data-sentence="${String(to)}"]`);
    mark?.scrollIntoView({ block: "nearest" });
    if (focus) mark?.focus({ preventScroll: true });
  }

  function onKey(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.key === "n" || event.key === "ArrowDown" ? 1 : event.key === "p" || event.key === "ArrowUp" ? -1 : null;
    if (step === null) return;
    event.preventDefault();
    go(step, true);
  }

  return (
    <div className={styles.result}>
      <Panel title={t("check.result")} actions={<Actions check={check} onAgain={onAgain} />} className={styles.whole}>
        <Summary check={check} problems={problems.length} />
        <div className={styles.bar}>
          <Select
            label={t("check.filter")}
            value={filter}
            onChange={(id) => {
              setFilter(id as Filter);
            }}
            options={FILTERS.map((id) => ({ id, label: t(`check.filters.${id}`) }))}
          />
          <Button
            icon="left"
            isDisabled={problems.length === 0}
            onPress={() => {
              go(-1, false);
            }}
          >
            {t("check.previous")}
          </Button>
          <Button
            icon="right"
            isDisabled={problems.length === 0}
            onPress={() => {
              go(1, false);
            }}
          >
            {t("check.next")}
          </Button>
        </div>
      </Panel>
      <Panel title={t("check.draft")} className={styles.text}>
        <p className={styles.keys}>{t("check.keys")}</p>
        {/* The sentences in it take the focus; the keys lead from one to the next. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div ref={text} className={styles.draft} dir="auto" role="group" aria-label={t("check.marked")} onKeyDown={onKey}>
          {stretches(draft, check.sentences).map((one, index) => {
            const own = one.sentence === null ? undefined : check.sentences[one.sentence];
            if (own === undefined || one.sentence === null) return <span key={index}>{one.text}</span>;
            return (
              <Mark
                key={index}
                number={one.sentence}
                text={one.text}
                sentence={own}
                faults={faultsIn(check, own).length}
                chosen={one.sentence === chosen}
                dimmed={!shown.has(one.sentence)}
                onChoose={setChosen}
              />
            );
          })}
        </div>
      </Panel>
      <div className={styles.side}>
        <Panel title={t("check.sentence")}>
          <div aria-live="polite">
            {sentence ? (
              <SentenceDetail sentence={sentence} faults={faultsIn(check, sentence)} subject={subject} />
            ) : (
              <EmptyState title={t("check.none")} />
            )}
          </div>
        </Panel>
        <References check={check} subject={subject} />
      </div>
      <PrintedList check={check} subject={subject} />
    </div>
  );
}

function Mark({
  number,
  text,
  sentence,
  faults,
  chosen,
  dimmed,
  onChoose,
}: {
  number: number;
  text: string;
  sentence: Sentence;
  faults: number;
  chosen: boolean;
  dimmed: boolean;
  onChoose: (number: number) => void;
}) {
  const { t } = useTranslation();
  return (
    <span
      role="button"
      tabIndex={0}
      data-sentence={number}
      aria-pressed={chosen}
      className={names(styles.mark, styles[sentence.verdict], chosen && styles.chosen, dimmed && styles.dimmed)}
      onClick={() => {
        onChoose(number);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onChoose(number);
      }}
    >
      <span className={styles.sign}>
        <Icon name={ICONS[sentence.verdict]} size={14} />
        {faults > 0 && <Icon name="warning" size={14} />}
      </span>
      <span className="visually-hidden">
        {t(`verdict.${sentence.verdict}`)}
        {faults > 0 && `, ${t("check.faults", { count: faults })}`}:{" "}
      </span>
      <SourceText text={text} />
    </span>
  );
}

function Summary({ check, problems }: { check: Check; problems: number }) {
  const { t } = useTranslation();
  const bad = [...check.citations, ...check.quotations].filter((one) => one.state !== "found" && one.state !== "verbatim");
  return (
    <>
      <p role="status" className={styles.total}>
        {problems === 0 ? t("check.clean") : t("check.problems", { count: problems })}
      </p>
      <ul className={styles.summary}>
        {(["supported", "contradicted", "unsupported"] as const).map((verdict) => (
          <li key={verdict} className={styles[verdict]}>
            <Icon name={ICONS[verdict]} size={16} /> {t(`verdict.${verdict}`)}: {check.summary[verdict] ?? 0}
          </li>
        ))}
        <li>
          <Icon name="warning" size={16} /> {t("check.references")}: {bad.length}
        </li>
      </ul>
    </>
  );
}

function Actions({ check, onAgain }: { check: Check; onAgain: () => void }) {
  const { t } = useTranslation();
  const report = () => asText(check, (key) => t(key as "check.title"));
  return (
    <>
      <Button icon="draft" onPress={onAgain}>
        {t("check.again")}
      </Button>
      <Button
        icon="copy"
        onPress={() => {
          void navigator.clipboard.writeText(report()).then(() => {
            toast(t("common.copied"));
          });
        }}
      >
        {t("common.copy")}
      </Button>
      <Button
        icon="download"
        onPress={() => {
          save("check.txt", "text/plain", report());
        }}
      >
        {t("check.asText")}
      </Button>
      <Button
        icon="download"
        onPress={() => {
          save("check.json", "application/json", JSON.stringify(check, null, 2));
        }}
      >
        {t("check.asData")}
      </Button>
      <Button
        icon="print"
        onPress={() => {
          window.print();
        }}
      >
        {t("check.print")}
      </Button>
    </>
  );
}

/** On paper nothing can be chosen, so that every problem stands there with its quote. */
function PrintedList({ check, subject }: { check: Check; subject: string }) {
  return (
    <div className={styles.printed}>
      {check.sentences
        .filter((one) => isProblem(check, one))
        .map((one) => (
          <div key={one.start}>
            <p>
              <SourceText text={one.text} />
            </p>
            <SentenceDetail sentence={one} faults={faultsIn(check, one)} subject={subject} />
          </div>
        ))}
    </div>
  );
}

function save(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
