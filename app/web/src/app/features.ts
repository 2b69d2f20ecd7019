import * as activity from "@/features/activity/feature";
import * as ask from "@/features/ask/feature";
import * as assistants from "@/features/assistants/feature";
import * as feedback from "@/features/feedback/feature";
import * as sources from "@/features/sources/feature";
import * as audit from "@/features/audit/feature";
import * as breakGlass from "@/features/breakGlass/feature";
import * as evaluations from "@/features/evaluations/feature";
import * as settings from "@/features/settings/feature";
import * as reports from "@/features/reports/feature";
import * as records from "@/features/records/feature";
import * as check from "@/features/check/feature";
import * as documents from "@/features/documents/feature";
import type { Feature } from "./feature";

/** Every feature of the client, in the order of the navigation: one line each. */
export const FEATURES: readonly Feature[] = [
  ask,
  assistants,
  feedback,
  sources,
  activity,
  breakGlass,
  audit,
  evaluations,
  settings,
  reports,
  records,
  check,
  documents,
];
