import { pieces } from "@/components/visible";
import source from "@/components/SourceText.module.css";
import type { Part } from "./spans";
import styles from "./sources.module.css";

/** Parts of a text as text, with what is highlighted marked; characters that direct or hide text are shown. */
export function Marked({ parts }: { parts: readonly Part[] }) {
  return (
    <bdi dir="auto" className={source.source}>
      {parts.map((part, index) =>
        part.kind === null ? (
          <Seen key={index} text={part.text} />
        ) : (
          <mark key={index} data-kind={part.kind} className={styles[part.kind]}>
            <Seen text={part.text} />
          </mark>
        ),
      )}
    </bdi>
  );
}

function Seen({ text }: { text: string }) {
  return pieces(text).map((piece, index) =>
    "text" in piece ? (
      piece.text
    ) : (
      <span key={index} className={source.hidden} title={piece.hidden}>
        {piece.hidden}
      </span>
    ),
  );
}
