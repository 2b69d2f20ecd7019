import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ErrorBoundary } from "@/components/ErrorBoundary";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { names } from "@/components/names";
import { SourceText } from "@/components/SourceText";
import { Tabs } from "@/components/Tabs";
import { ChangesView } from "./ChangesView";
import { FindBar } from "./FindBar";
import { useFinding } from "./finding";
import { OutlineList } from "./OutlineList";
import { Printed } from "./Printed";
import { originalQuery, placeQuery, textQuery, type Outline, type SourceScope } from "./queries";
import { pointsAt, sectionAt, windowAt, type Span } from "./spans";
import { TextView, useEveryWindow, type Goal } from "./TextView";
import styles from "./sources.module.css";

const PATIENCE_MS = 600;
const WIDE = window.matchMedia("(min-width: 64rem)");
const PdfView = lazy(() => import("./PdfView"));

/** The quote, the outline, and the ways to look at a version: pages, text, changes. */
export function Reading({
  outline,
  scope,
  mark: quote,
  narrow,
}: {
  outline: Outline;
  scope: SourceScope;
  mark: Span | undefined;
  narrow: boolean;
}) {
  const { t } = useTranslation();
  const [view, setView] = useState(outline.has_original ? "pages" : "text");
  const [mark, setMark] = useState(quote);
  const [goal, setGoal] = useState<Goal>({ place: quote?.start ?? 0, turn: 0 });
  const [wanted, setWanted] = useState("");
  const [printing, setPrinting] = useState(false);
  const [listed, setListed] = useState(!narrow && WIDE.matches);
  const every = useEveryWindow(outline, scope, mark);
  const finding = useFinding(wanted, every);
  const go = (place: number, span?: Span) => {
    if (span) setMark(span);
    setGoal((before) => ({ place, turn: before.turn + 1 }));
  };
  const label = t("sources.textOf");
  const text = (
    <TextView outline={outline} scope={scope} mark={mark} goal={goal} found={finding.found} current={finding.current} label={label} />
  );
  const items = [
    ...(outline.has_original
      ? [
          {
            id: "pages",
            title: t("sources.pages"),
            content: <PagesOrText outline={outline} scope={scope} mark={mark} goal={goal} finding={finding} text={text} />,
          },
        ]
      : []),
    { id: "text", title: t("sources.text"), content: text },
    {
      id: "changes",
      title: t("sources.changes"),
      content: (
        <ChangesView
          outline={outline}
          scope={scope}
          onGo={(span) => {
            setView("text");
            go(span.start, span);
          }}
        />
      ),
    },
  ];
  return (
    <>
      <Quoted outline={outline} scope={scope} mark={quote} />
      <div className={names(styles.tools, "no-print")}>
        <FindBar wanted={wanted} onChange={setWanted} finding={finding} />
        <Button
          size="small"
          icon="menu"
          aria-expanded={listed}
          onPress={() => {
            setListed(!listed);
          }}
        >
          {t("sources.outline")}
        </Button>
        <Button
          size="small"
          icon="print"
          isPending={printing}
          onPress={() => {
            setPrinting(true);
          }}
        >
          {t("sources.print")}
        </Button>
      </div>
      <div className={names(styles.columns, listed && !narrow && styles.withOutline, "no-print")}>
        {listed && (
          <nav className={styles.aside} aria-label={t("sources.outline")}>
            <OutlineList
              outline={outline}
              current={sectionAt(outline.sections, goal.place)}
              onGo={(place) => {
                if (view === "changes") setView("text");
                go(place);
              }}
            />
          </nav>
        )}
        <Tabs label={t("sources.views")} items={items} selected={view} onSelect={setView} />
      </div>
      {printing && (
        <Printed
          outline={outline}
          every={every}
          onDone={() => {
            setPrinting(false);
          }}
        />
      )}
    </>
  );
}

/** The words of the quote and where they stand. */
function Quoted({ outline, scope, mark }: { outline: Outline; scope: SourceScope; mark: Span | undefined }) {
  const { t } = useTranslation();
  const place = useQuery({ ...placeQuery(outline.id, scope, mark?.start ?? 0, mark?.end ?? 1), enabled: mark !== undefined && outline.length > 0 });
  const start = outline.windows[windowAt(outline.windows, mark?.start ?? 0)] ?? 0;
  const end = outline.windows[windowAt(outline.windows, mark?.start ?? 0) + 1] ?? outline.length;
  const text = useQuery({ ...textQuery(outline.id, scope, start, end, mark), enabled: mark !== undefined });
  if (mark === undefined) return null;
  if (place.error && asProblem(place.error).code === "request.invalid") return <Banner tone="warn">{t("sources.notASpan")}</Banner>;
  const marked = text.data?.marks[0];
  const where = place.data;
  return (
    <section className={styles.quoted} aria-label={t("sources.quote")}>
      <blockquote>
        {text.data && marked ? (
          <SourceText text={Array.from(text.data.text).slice(marked.start, marked.end).join("")} />
        ) : (
          <Loading />
        )}
      </blockquote>
      {where && (
        <p className={styles.where}>
          {where.citation && <SourceText text={where.citation} />}
          {where.page && <span>{t("sources.page", { page: where.page })}</span>}
          {!where.citation && where.section.length > 0 && <SourceText text={where.section.join(" › ")} />}
          {where.resource && (
            <code>
              <SourceText text={where.resource} />
            </code>
          )}
          {where.element && (
            <code>
              <SourceText text={where.element} />
            </code>
          )}
        </p>
      )}
    </section>
  );
}

/** The original where it may be shown; where not, why, and the text instead. */
function PagesOrText({
  outline,
  scope,
  mark,
  goal,
  finding,
  text,
}: {
  outline: Outline;
  scope: SourceScope;
  mark: Span | undefined;
  goal: Goal;
  finding: ReturnType<typeof useFinding>;
  text: React.ReactNode;
}) {
  const { t } = useTranslation();
  const original = useQuery(originalQuery(outline.id, scope));
  const found = useFoundSpan(outline, scope, mark, finding);
  // A place that is not the quote's is a section's: its first character says on which page it begins.
  const wanted = found ?? (mark && goal.place === mark.start ? mark : { start: goal.place, end: goal.place + 1 });
  const place = useQuery({ ...placeQuery(outline.id, scope, wanted.start, wanted.end), enabled: wanted.end <= outline.length });
  const own = useQuery({ ...placeQuery(outline.id, scope, mark?.start ?? 0, mark?.end ?? 1), enabled: mark !== undefined });
  const boxes = useMemo(() => {
    const quoted = own.data?.boxes ?? [];
    return found || mark === undefined ? [...(found ? (place.data?.boxes ?? []) : []), ...quoted] : quoted;
  }, [own.data, place.data, found, mark]);
  if (original.error) {
    const problem = asProblem(original.error);
    if (problem.code !== "access.original_withheld") {
      return (
        <>
          <ErrorState error={original.error} onRetry={() => void original.refetch()} />
          {text}
        </>
      );
    }
    return (
      <>
        <Banner tone="info" icon="lock">
          {t("sources.withheld")} <bdi dir="auto">{reasonIn(problem.detail)}</bdi>
        </Banner>
        {text}
      </>
    );
  }
  const opening = <Meanwhile text={text} />;
  if (original.data === undefined || (place.data === undefined && !place.error)) return opening;
  return (
    <ErrorBoundary>
      <Suspense fallback={opening}>
        <PdfView
          file={original.data}
          page={place.data?.boxes[0]?.page ?? place.data?.page ?? 1}
          boxes={boxes}
          turn={goal.turn}
          label={t("sources.pagesOf")}
          failed={<Banner tone="warn">{t("sources.unreadable")}</Banner>}
        />
      </Suspense>
    </ErrorBoundary>
  );
}

/** The text at the quote, where the pages are long in coming: a large file is looked through when it is first opened. */
function Meanwhile({ text }: { text: React.ReactNode }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <>
      <Loading label={t("sources.openingPages")} />
      {late && text}
    </>
  );
}

/** Where in the version something stands that was found. An original is shown only where nothing is redacted. */
function useFoundSpan(outline: Outline, scope: SourceScope, mark: Span | undefined, finding: ReturnType<typeof useFinding>): Span | undefined {
  const number = finding.current?.window ?? 0;
  const start = outline.windows[number] ?? 0;
  const end = outline.windows[number + 1] ?? outline.length;
  const { data } = useQuery({ ...textQuery(outline.id, scope, start, end, mark), enabled: finding.current !== undefined });
  const current = finding.current;
  return useMemo(() => {
    if (current === undefined || data === undefined) return undefined;
    return { start: data.start + pointsAt(data.text, current.start), end: data.start + pointsAt(data.text, current.end) };
  }, [current, data]);
}

/** The reason in a problem's detail: what stands in its last brackets. */
function reasonIn(detail: string): string {
  const found = /\((.*)\)\s*$/.exec(detail)?.[1];
  return found ? `${found.charAt(0).toUpperCase()}${found.slice(1)}.` : "";
}
