import * as ask from "@/features/ask/feature";
import * as assistants from "@/features/assistants/feature";
import * as feedback from "@/features/feedback/feature";
import * as sources from "@/features/sources/feature";
import type { Feature } from "./feature";

/** Every feature of the client, in the order of the navigation: one line each. */
export const FEATURES: readonly Feature[] = [
  ask,
  assistants,
  feedback,
  sources,
];
