export interface InForce {
  from: string | null;
  to: string | null;
}

/** Whether a text was in force on a day (ISO 8601); the last day is one on which it no longer was. */
export function covers(inForce: InForce, day: string): boolean {
  return (inForce.from === null || inForce.from <= day) && (inForce.to === null || day < inForce.to);
}
