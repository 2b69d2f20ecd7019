import type { Schema } from "@/api/client";

export type Glass = Schema<"BreakGlassView">;

/** Returns the minutes for which something is still open, rounded up; 0 when it has ended. */
export function minutesLeft(glass: Pick<Glass, "expires_at">, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(glass.expires_at) - now) / 60_000));
}

/** Whether somebody may review it: nobody looks at what they opened themselves, and a verdict is given once. */
export function mayReview(glass: Pick<Glass, "caller" | "verdict">, who: string | undefined): boolean {
  return who !== undefined && glass.verdict === null && glass.caller !== who;
}
