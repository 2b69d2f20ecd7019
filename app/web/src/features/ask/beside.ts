import { useSyncExternalStore } from "react";
import { onSessionChange } from "@/api/session";
import type { Quote } from "./store";

/** A quote whose source is open beside the answer. */
export interface Beside {
  number: number;
  quote: Quote;
  subject: string;
  asOf: string;
}

let open: Beside | null = null;
const listeners = new Set<() => void>();

onSessionChange(() => {
  openBeside(null);
});

export function openBeside(next: Beside | null): void {
  open = next;
  listeners.forEach((tell) => {
    tell();
  });
}

export function useBeside(): Beside | null {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => open,
  );
}
