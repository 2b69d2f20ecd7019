import { useSyncExternalStore } from "react";

export interface ToastMessage {
  id: number;
  text: string;
  tone: "good" | "bad";
}

const SHOWN_MS = 6000;
const listeners = new Set<() => void>();
let messages: readonly ToastMessage[] = [];
let last = 0;

/** Says shortly that something is done (or is not), where the page itself doesn't show it. */
export function toast(text: string, tone: ToastMessage["tone"] = "good"): void {
  const id = ++last;
  change([...messages, { id, text, tone }]);
  setTimeout(() => {
    dismiss(id);
  }, SHOWN_MS);
}

export function dismiss(id: number): void {
  change(messages.filter((one) => one.id !== id));
}

export function useToasts(): readonly ToastMessage[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => messages,
  );
}

function change(next: readonly ToastMessage[]): void {
  messages = next;
  listeners.forEach((tell) => {
    tell();
  });
}
