import { pieces } from "./visible";
import styles from "./SourceText.module.css";

/**
 * Text that somebody else wrote: documents, questions, names, file names, what a model said. It is shown as text and
 * as nothing else, in a direction of its own, with every character that directs or hides text as a visible mark.
 * `highlight` marks a span of it, in UTF-16 units of this text.
 */
export function SourceText({
  text,
  highlight,
  block = false,
}: {
  text: string;
  highlight?: { start: number; end: number };
  block?: boolean;
}) {
  const content = highlight ? (
    <>
      <Pieces text={text.slice(0, highlight.start)} />
      <mark>
        <Pieces text={text.slice(highlight.start, highlight.end)} />
      </mark>
      <Pieces text={text.slice(highlight.end)} />
    </>
  ) : (
    <Pieces text={text} />
  );
  return block ? (
    <div dir="auto" className={styles.block}>
      {content}
    </div>
  ) : (
    <bdi dir="auto" className={styles.source}>
      {content}
    </bdi>
  );
}

/** A text as text, with what directs or hides it as visible marks; for what puts several of them together. */
export function Pieces({ text }: { text: string }) {
  return pieces(text).map((piece, index) =>
    "text" in piece ? (
      piece.text
    ) : (
      <span key={index} className={styles.hidden} title={piece.hidden} data-units={piece.units}>
        {piece.hidden}
      </span>
    ),
  );
}
