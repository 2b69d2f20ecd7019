import "react-pdf/dist/Page/TextLayer.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Document, Page, pdfjs } from "react-pdf";
import type { PDFDocumentProxy } from "pdfjs-dist";
import workerAddress from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { Button } from "@/components/Button";
import { placed, scrollTo, type PageBox, type Size } from "./geometry";
import styles from "./sources.module.css";

pdfjs.GlobalWorkerOptions.workerSrc = workerAddress;

// Everything that a file may need comes from this server. WebAssembly would need a weaker policy of the page.
const OPTIONS = {
  cMapUrl: "/pdfjs/cmaps/",
  standardFontDataUrl: "/pdfjs/standard_fonts/",
  wasmUrl: "/pdfjs/wasm/",
  useWasm: false,
  enableXfa: false,
};
const GAP = 12;
const A4: Size = { width: 595, height: 842 };
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];

/** The pages of a PDF as they scroll, with boxes over the words of the quote and of what was found. */
export default function PdfView({
  file,
  page,
  boxes,
  turn,
  label,
  failed,
}: {
  file: Blob;
  page: number;
  boxes: readonly PageBox[];
  /** Tells one wish to go to the page from the next. */
  turn: number;
  label: string;
  failed: ReactNode;
}) {
  const { t } = useTranslation();
  const [pdf, setPdf] = useState<{ pages: number; sizes: ReadonlyMap<number, Size> } | null>(null);
  const [zoom, setZoom] = useState(2);
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller) * (ZOOMS[zoom] ?? 1);
  const first = useRef(page);

  const loaded = useCallback((document: PDFDocumentProxy) => {
    void Promise.all([1, first.current].map((number) => sizeOf(document, number))).then((sizes) => {
      setPdf({ pages: document.numPages, sizes: new Map(sizes) });
    });
  }, []);
  const seen = useCallback((number: number, size: Size) => {
    setPdf((before) => {
      const known = before?.sizes.get(number);
      if (before === null || (known?.width === size.width && known.height === size.height)) return before;
      return { ...before, sizes: new Map(before.sizes).set(number, size) };
    });
  }, []);
  const zoomBy = (step: 1 | -1) => {
    setZoom((now) => Math.max(0, Math.min(ZOOMS.length - 1, now + step)));
  };
  return (
    <div className={styles.pdf}>
      <div className={styles.bar}>
        <Button size="small" icon="plus" iconOnly isDisabled={zoom === ZOOMS.length - 1} onPress={() => { zoomBy(1); }}>
          {t("sources.zoomIn")}
        </Button>
        <Button size="small" isDisabled={zoom === 0} onPress={() => { zoomBy(-1); }}>
          <span aria-hidden="true">−</span>
          <span className="visually-hidden">{t("sources.zoomOut")}</span>
        </Button>
        <span aria-live="polite">{Math.round((ZOOMS[zoom] ?? 1) * 100)} %</span>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes the focus, for the keyboard */}
      <div ref={scroller} className={styles.scroller} role="region" aria-label={label} tabIndex={0}>
        <Document file={file} options={OPTIONS} onLoadSuccess={loaded} loading={null} error={failed} noData={null}>
          {pdf !== null && width > 0 && (
            <Pages {...pdf} page={page} boxes={boxes} turn={turn} width={width} scroller={scroller} onSize={seen} />
          )}
        </Document>
      </div>
    </div>
  );
}

function Pages({
  pages,
  sizes,
  page,
  boxes,
  turn,
  width,
  scroller,
  onSize,
}: {
  pages: number;
  sizes: ReadonlyMap<number, Size>;
  page: number;
  boxes: readonly PageBox[];
  turn: number;
  width: number;
  scroller: React.RefObject<HTMLDivElement | null>;
  onSize: (number: number, size: Size) => void;
}) {
  const { t } = useTranslation();
  const sizeOfPage = useCallback((number: number) => sizes.get(number) ?? sizes.get(1) ?? A4, [sizes]);
  // eslint-disable-next-line react-hooks/incompatible-library -- there is no React compiler in this build
  const virtual = useVirtualizer({
    count: pages,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightAt(sizeOfPage(index + 1), width) + GAP,
    overscan: 1,
  });
  useEffect(() => {
    virtual.measure();
  }, [virtual, sizes, width]);
  const tops = useMemo(() => {
    let top = 0;
    return Array.from({ length: pages }, (_, index) => {
      const here = top;
      top += heightAt(sizeOfPage(index + 1), width) + GAP;
      return here;
    });
  }, [pages, sizeOfPage, width]);
  useEffect(() => {
    const element = scroller.current;
    const box = boxes.find((one) => one.page === page);
    if (element === null) return;
    element.scrollTop = scrollTo(tops[page - 1] ?? 0, box, width / sizeOfPage(page).width, element.clientHeight);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- sizes that come to be known later must not scroll
  }, [page, boxes, turn, width]);
  return (
    <div className={styles.canvas} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => {
        const number = item.index + 1;
        const size = sizeOfPage(number);
        return (
          <div key={item.key} className={styles.sheet} style={{ transform: `translateY(${item.start}px)`, width, height: heightAt(size, width) }}>
            <Page
              pageNumber={number}
              width={width}
              renderAnnotationLayer={false}
              loading={null}
              onLoadSuccess={(one) => {
                onSize(number, { width: one.originalWidth, height: one.originalHeight });
              }}
            >
              {placed(boxes, number, size).map((place, index) => (
                <div
                  key={index}
                  className={styles.box}
                  style={place}
                  data-box={number}
                  {...(index === 0 ? { role: "img", "aria-label": t("sources.here") } : { "aria-hidden": true })}
                />
              ))}
            </Page>
            <span className={styles.number}>{t("sources.pageOf", { page: number, pages })}</span>
          </div>
        );
      })}
    </div>
  );
}

async function sizeOf(document: PDFDocumentProxy, number: number): Promise<[number, Size]> {
  const page = await document.getPage(Math.min(Math.max(1, number), document.numPages));
  const { width, height } = page.getViewport({ scale: 1 });
  return [number, { width, height }];
}

function heightAt(size: Size, width: number): number {
  return (size.height / size.width) * width;
}

/** How wide something is, and goes on being. */
function useWidth(element: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.floor(entry?.contentRect.width ?? 0));
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return width;
}
