import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { toast } from "@/components/toasts";
import type { Outline, TextWindow } from "./queries";
import { Lines, quoteIn } from "./TextView";
import styles from "./sources.module.css";

/** As much as is put on paper at once: some hundred pages. */
const MOST = 100;

/** The whole text for the printer, fetched when it is wanted; the page on the screen stays as it is. */
export function Printed({
  outline,
  every,
  onDone,
}: {
  outline: Outline;
  every: (signal: AbortSignal) => AsyncGenerator<{ number: number; window: TextWindow }>;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const [windows, setWindows] = useState<readonly TextWindow[] | null>(null);
  const given = useRef({ every, onDone, failed: t("sources.notPrinted") });
  useEffect(() => {
    const stop = new AbortController();
    const fetched: TextWindow[] = [];
    const collect = async () => {
      for await (const { window } of given.current.every(stop.signal)) {
        fetched.push(window);
        if (fetched.length >= MOST) break;
      }
      if (!stop.signal.aborted) setWindows(fetched);
    };
    collect().catch(() => {
      toast(given.current.failed, "bad");
      given.current.onDone();
    });
    return () => {
      stop.abort();
    };
  }, []);
  useEffect(() => {
    if (windows === null) return;
    const frame = requestAnimationFrame(() => {
      window.print();
      given.current.onDone();
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [windows]);
  if (windows === null) return null;
  const place = document.getElementById("main");
  return (
    place &&
    createPortal(
      <div className={styles.printed} aria-hidden="true">
        {windows.map((one) => (
          <Lines key={one.start} outline={outline} window={one} highlights={quoteIn(one)} />
        ))}
        {outline.windows.length > MOST && <p>{t("sources.printedPart")}</p>}
      </div>,
      place,
    )
  );
}
