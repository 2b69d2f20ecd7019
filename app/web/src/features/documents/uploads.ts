import { api, given, type Schema } from "@/api/client";
import { asProblem, problemIn, type ApiProblem } from "@/api/problem";
import { credential } from "@/api/session";

export type Job = Schema<"JobWithItemsView">;

/** How far one file is. */
export interface Upload {
  id: number;
  file: File;
  stage: "waiting" | "sending" | "reading" | "done" | "failed" | "stopped";
  /** Of the bytes that were sent, 0 to 1. */
  share: number;
  jobId: string | null;
  documentIds: readonly string[];
  passages: number;
  /** Why it was not taken, or not all of it. */
  code: string | null;
  detail: string;
}

/** What is said of the files when they are sent. */
export interface Labels {
  collection: string;
  subject: string;
  walls: string;
  sensitivity: string;
  jurisdiction: string;
  document: string;
  effectiveFrom: string;
  effectiveTo: string;
}

export const NO_LABELS: Labels = {
  collection: "default", subject: "", walls: "", sensitivity: "normal", jurisdiction: "", document: "",
  effectiveFrom: "", effectiveTo: "",
};

export function namesIn(list: string): string[] {
  return [...new Set(list.split(",").map((one) => one.trim()).filter((one) => one !== ""))];
}

/** The options of an upload, as the API names them; what is empty is not said. */
export function optionsOf(labels: Labels, tenant: string): Record<string, unknown> {
  const given: Record<string, string> = {
    collection: labels.collection, subject: labels.subject, sensitivity: labels.sensitivity,
    jurisdiction: labels.jurisdiction, document: labels.document, effective_from: labels.effectiveFrom,
    effective_to: labels.effectiveTo,
  };
  const said = Object.entries(given).flatMap(([name, value]) => (value.trim() === "" ? [] : [[name, value.trim()]]));
  return { tenant, walls: namesIn(labels.walls), ...Object.fromEntries(said) as Record<string, string> };
}

/** What a job says of its one file. */
export function stageOf(job: Job): Pick<Upload, "stage" | "documentIds" | "passages" | "code" | "detail"> {
  const piece = job.pieces[0];
  const told = {
    documentIds: piece?.document_ids ?? [], passages: piece?.passages ?? 0, code: piece?.code ?? job.trouble ?? null,
    detail: piece?.detail ?? "",
  };
  if (piece?.state === "done") return { stage: "done", ...told };
  if (piece?.state === "aside") return { stage: "failed", ...told };
  if (piece?.state === "cancelled" || job.state === "cancelled") return { stage: "stopped", ...told };
  return { stage: "reading", ...told };
}

/** Sends a file as a job and says how far it is; the reply names the job. */
export function send(file: File, options: Record<string, unknown>, signal: AbortSignal, onShare: (share: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("options", JSON.stringify(options));
    form.append("file", file);
    request.open("POST", "/v1/documents?wait=false");
    request.setRequestHeader("Authorization", `Bearer ${credential() ?? ""}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onShare(event.loaded / event.total);
    };
    request.onload = () => {
      const body: unknown = request.response;
      if (request.status === 202 && typeof body === "object" && body !== null && "id" in body) resolve(String(body.id));
      else reject(problemIn(body, request.status));
    };
    request.onerror = () => {
      reject(asProblem(new TypeError()));
    };
    request.onabort = () => {
      reject(new DOMException("stopped", "AbortError"));
    };
    signal.addEventListener("abort", () => {
      request.abort();
    });
    request.send(form);
  });
}

export function jobOf(id: string): Promise<Job> {
  return given(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id } } }));
}

export function failed(problem: ApiProblem): Pick<Upload, "stage" | "code" | "detail"> {
  return { stage: "failed", code: problem.code, detail: problem.detail };
}
