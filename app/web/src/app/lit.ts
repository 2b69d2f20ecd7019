import { useSyncExternalStore } from "react";
import { onSessionChange } from "@/api/session";

/** A quote of the answer that was shown last: where it stands, without its words. Other views light it up. */
export interface Lit {
  number: number;
  documentId: string;
  versionId: string;
  start: number;
  end: number;
  /** The FHIR resource that it stands in, such as "Observation/1"; "" for other sources. */
  resource: string;
}

const NONE: readonly Lit[] = [];
const listeners = new Set<() => void>();
let lit = NONE;

onSessionChange(() => {
  lightUp(NONE);
});

/** Lights up the quotes of an answer in every view, and those of no other. */
export function lightUp(quotes: readonly Lit[]): void {
  lit = quotes;
  listeners.forEach((tell) => {
    tell();
  });
}

export function useLit(): readonly Lit[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => lit,
  );
}
