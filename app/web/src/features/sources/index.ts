/** For other features: a source beside what quotes it. Import it lazily, as it is a page's worth of code. */
export { SourcePanel, type SourcePanelProps } from "./SourcePanel";
