import * as ask from "@/features/ask/feature";
import type { Feature } from "./feature";

/** Every feature of the client, in the order of the navigation: one line each. */
export const FEATURES: readonly Feature[] = [
  ask,
];
