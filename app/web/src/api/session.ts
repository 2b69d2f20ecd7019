import { useSyncExternalStore } from "react";

/** What the client sends to say who it is. It lives in this tab alone and goes when the tab is closed. */
const KEY = "consilium.credential";
const listeners = new Set<() => void>();

/** Returns the credential, or `null` when nobody is signed in. */
export function credential(): string | null {
  return sessionStorage.getItem(KEY);
}

/** Signs in with a token or key. */
export function keepCredential(value: string): void {
  sessionStorage.setItem(KEY, value);
  listeners.forEach((tell) => {
    tell();
  });
}

/** Signs out: everything that this tab kept goes, the scope and recent subjects included. */
export function dropCredential(): void {
  sessionStorage.clear();
  listeners.forEach((tell) => {
    tell();
  });
}

/** Calls `tell` when somebody signs in or out, until the returned function is called. */
export function onSessionChange(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function useCredential(): string | null {
  return useSyncExternalStore(onSessionChange, credential);
}
