import { Pieces } from "@/components/SourceText";
import source from "@/components/SourceText.module.css";
import type { Part } from "./spans";
import styles from "./sources.module.css";

/** Parts of a text as text, with what is highlighted marked; characters that direct or hide text are shown. */
export function Marked({ parts }: { parts: readonly Part[] }) {
  return (
    <bdi dir="auto" className={source.source}>
      {parts.map((part, index) =>
        part.kind === null ? (
          <Pieces key={index} text={part.text} />
        ) : (
          <mark key={index} data-kind={part.kind} className={styles[part.kind]}>
            <Pieces text={part.text} />
          </mark>
        ),
      )}
    </bdi>
  );
}
