import { useSyncExternalStore } from "react";

const QUERY = "(max-width: 40rem)";

/** Returns how wide a picture is drawn, so that its letters stay as large as those around it. */
export function useWidth(): number {
  const narrow = useSyncExternalStore(
    (tell) => {
      const media = window.matchMedia(QUERY);
      media.addEventListener("change", tell);
      return () => {
        media.removeEventListener("change", tell);
      };
    },
    () => window.matchMedia(QUERY).matches,
  );
  return narrow ? 360 : 860;
}
