import { expect, test } from "vitest";
import { namesIn, NO_LABELS, optionsOf, stageOf, type Job } from "./uploads";

const job = (state: Job["state"], piece: Partial<Job["pieces"][number]>): Job => ({
  id: "j_1", tenant: "default", owner: "local", kind: "ingestion", state, created_at: "", changed_at: "", items: 1, done: 0,
  aside: 0, cancelled: 0, pieces: [{ number: 0, state: "waiting", document_ids: [], passages: 0, ...piece }],
});

test("walls are names with commas between them, each once", () => {
  expect(namesIn(" merger, ,board,merger ")).toEqual(["merger", "board"]);
});

test("what is left empty is not said of a file", () => {
  expect(optionsOf({ ...NO_LABELS, subject: " lind-anna ", walls: "merger" }, "elm")).toEqual({
    tenant: "elm", walls: ["merger"], collection: "default", sensitivity: "normal", subject: "lind-anna",
  });
});

test("a job says whether its file is read, taken or set aside with the reason", () => {
  expect(stageOf(job("running", {})).stage).toBe("reading");
  expect(stageOf(job("done", { state: "done", document_ids: ["d_1"], passages: 3 }))).toMatchObject({
    stage: "done", documentIds: ["d_1"], passages: 3, code: null,
  });
  expect(stageOf(job("done", { state: "aside", code: "document.bomb", detail: "It expands." }))).toMatchObject({
    stage: "failed", code: "document.bomb", detail: "It expands.",
  });
  expect(stageOf(job("cancelled", { state: "cancelled" })).stage).toBe("stopped");
  expect(stageOf({ ...job("running", {}), trouble: "service.index_unavailable" }).code).toBe("service.index_unavailable");
});
