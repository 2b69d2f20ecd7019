import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/shortcuts";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { ChosenAssistant, useChosenAssistant } from "@/features/assistants/chosen";
import { useCopy } from "./AnswerActions";
import styles from "./AskPage.module.css";
import { openBeside, useBeside, type Beside } from "./beside";
import { BreakGlassDialog } from "./BreakGlassDialog";
import { Composer } from "./Composer";
import { HistoryDialog } from "./HistoryDialog";
import { focusQuote, focusNextQuote } from "./moving";
import { ScopeBar } from "./ScopeBar";
import { ShortcutsDialog } from "./ShortcutsDialog";
import { keptConversation, resume, startNew, stop, useAsking, type Turn } from "./store";
import { TurnView } from "./Turn";

const SourcePanel = lazy(async () => ({ default: (await import("@/features/sources/SourcePanel")).SourcePanel }));

type Open = { what: "history" | "keys" } | { what: "glass"; turn: Turn } | null;

export default function AskPage() {
  const { t } = useTranslation();
  const { turns } = useAsking();
  const beside = useBeside();
  const { assistant, starter } = useChosenAssistant();
  const [open, setOpen] = useState<Open>(null);
  const question = useRef<HTMLTextAreaElement>(null);
  const copy = useCopy();
  const lost = useKept();
  const newest = turns.at(-1);
  const busy = newest?.status === "streaming";
  useScrollTo(newest);
  const anew = () => {
    openBeside(null);
    startNew();
    question.current?.focus();
  };
  useShortcuts({
    "/": () => question.current?.focus(),
    n: anew,
    h: () => {
      setOpen({ what: "history" });
    },
    "?": () => {
      setOpen({ what: "keys" });
    },
    c: () => {
      if (newest?.answer) void copy(newest);
    },
    j: () => {
      focusNextQuote(1);
    },
    k: () => {
      focusNextQuote(-1);
    },
    Escape: () => {
      if (busy) stop();
    },
    ...Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [
        String(index + 1),
        () => {
          focusQuote(index + 1);
        },
      ]),
    ),
  });
  const close = () => {
    setOpen(null);
  };
  return (
    <Page
      title={t("ask.title")}
      lead={t("ask.lead")}
      actions={
        <span className={`${styles.actions ?? ""} no-print`}>
          {turns.length > 0 && (
            <Button icon="plus" onPress={anew}>
              {t("ask.anew")}
            </Button>
          )}
          <Button
            icon="history"
            onPress={() => {
              setOpen({ what: "history" });
            }}
          >
            {t("ask.history.title")}
          </Button>
          <Button
            kind="quiet"
            icon="question"
            iconOnly
            onPress={() => {
              setOpen({ what: "keys" });
            }}
          >
            {t("ask.keys.title")}
          </Button>
        </span>
      }
    >
      <Panel className="no-print">
        <ScopeBar />
      </Panel>
      {lost !== null && <ErrorState error={lost} />}
      {turns.length === 0 && (
        <EmptyState title={t("ask.empty.title")}>{t("ask.empty.help")}</EmptyState>
      )}
      <ChosenAssistant />
      <div className={beside ? styles.split : styles.whole}>
        <div className={styles.whole}>
          {turns.map((turn) => (
            <TurnView
              key={turn.id}
              turn={turn}
              busy={busy}
              onBreakGlass={(of) => {
                setOpen({ what: "glass", turn: of });
              }}
            />
          ))}
          <Composer
            ref={question}
            busy={busy}
            followUp={turns.length > 0}
            assistant={assistant?.id ?? ""}
            starter={starter}
          />
        </div>
        {beside && <BesidePanel beside={beside} />}
      </div>
      <News turn={newest} />
      {open?.what === "history" && <HistoryDialog onClose={close} />}
      {open?.what === "keys" && <ShortcutsDialog onClose={close} />}
      {open?.what === "glass" && <BreakGlassDialog turn={open.turn} onClose={close} />}
    </Page>
  );
}

/** The source of a quote, at its words, beside the answer; on a narrow window quotes open on a page of their own. */
function BesidePanel({ beside: { number, quote, subject, asOf } }: { beside: Beside }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    frame.current?.focus();
  }, [quote]);
  return (
    <aside ref={frame} tabIndex={-1} className={`${styles.beside ?? ""} no-print`} aria-label={t("ask.beside.title", { number })}>
      <Suspense fallback={<Loading />}>
        <SourcePanel
          narrow
          versionId={quote.version_id}
          start={quote.start}
          end={quote.end}
          passageId={quote.passage_id}
          subject={subject}
          asOf={asOf}
          actions={
            <Button
              size="small"
              onPress={() => {
                openBeside(null);
                focusQuote(number);
              }}
            >
              {t("ask.beside.close")}
            </Button>
          }
        />
      </Suspense>
    </aside>
  );
}

/** Tells screen readers how an answer comes along, in short; its text they read at their own pace. */
function News({ turn }: { turn: Turn | undefined }) {
  const { t } = useTranslation();
  let news = "";
  if (turn?.status === "streaming") {
    news = turn.claims.length === 0 ? t("ask.searching") : t("ask.news.claims", { count: turn.claims.length });
  } else if (turn?.answer) {
    news = turn.answer.refusal ? t("ask.news.refused") : t("ask.news.done", { count: turn.claims.length });
  } else if (turn?.status === "stopped") {
    news = t("ask.news.stopped");
  }
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {news}
    </div>
  );
}

/** Goes back to the conversation that was open before the page was loaded anew; returns why that failed. */
function useKept(): unknown {
  const [lost, setLost] = useState<unknown>(null);
  useEffect(() => {
    const id = keptConversation();
    if (id === null) return;
    resume(id).catch((error: unknown) => {
      startNew();
      setLost(error);
    });
  }, []);
  return lost;
}

/** Brings a question that was just asked to the top of the window. */
function useScrollTo(turn: Turn | undefined): void {
  const seen = useRef<number | undefined>(turn?.id);
  useEffect(() => {
    if (turn === undefined || turn.id === seen.current) return;
    seen.current = turn.id;
    if (turn.status !== "streaming") return;
    document.getElementById(`turn-${String(turn.id)}`)?.scrollIntoView({ block: "start" });
  }, [turn]);
}
