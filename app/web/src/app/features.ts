import * as ask from "@/features/ask/feature";
import * as check from "@/features/check/feature";
import * as documents from "@/features/documents/feature";
import type { Feature } from "./feature";

/** Every feature of the client, in the order of the navigation: one line each. */
export const FEATURES: readonly Feature[] = [
  ask,
  check,
  documents,
];
