import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "@/api/client";
import { askAnew } from "@/api/queries";
import { asProblem, isAbort } from "@/api/problem";
import { failed, jobOf, send, stageOf, type Upload } from "./uploads";

const AT_ONCE = 3;
const LOOK_MS = 700;
let last = 0;

interface Waiting {
  id: number;
  file: File;
  options: Record<string, unknown>;
}

/** Sends files, a few at once, and follows the job of each to its end. */
export function useUploads() {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const waiting = useRef<Waiting[]>([]);
  const running = useRef(new Map<number, AbortController>());
  const client = useQueryClient();

  const change = useCallback((id: number, to: Partial<Upload>) => {
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...to } : one)));
  }, []);

  const work = useCallback(() => {
    // Each of a few workers takes one file after another until none waits.
    const worker = async () => {
      for (let item = waiting.current.shift(); item !== undefined; item = waiting.current.shift()) {
        const { id } = item;
        const stop = new AbortController();
        running.current.set(id, stop);
        await follow(item, stop, change).catch((thrown: unknown) => {
          change(id, isAbort(thrown) ? { stage: "stopped" } : failed(asProblem(thrown)));
        });
        running.current.delete(id);
        void askAnew(client, ["listing"]);
      }
    };
    const idle = Math.min(AT_ONCE - running.current.size, waiting.current.length);
    for (let number = 0; number < idle; number++) void worker();
  }, [change, client]);

  useEffect(() => {
    const known = running.current;
    return () => {
      waiting.current = [];
      known.forEach((stop) => {
        stop.abort();
      });
    };
  }, []);

  const add = useCallback(
    (files: readonly File[], options: Record<string, unknown>) => {
      const items = files.map((file) => ({ id: ++last, file, options }));
      const fresh = items.map(({ id, file }): Upload => ({
        id, file, stage: "waiting", share: 0, jobId: null, documentIds: [], passages: 0, code: null, detail: "",
      }));
      setUploads((all) => [...fresh, ...all]);
      waiting.current.push(...items);
      work();
    },
    [work],
  );

  const stop = useCallback(
    (upload: Upload) => {
      waiting.current = waiting.current.filter((one) => one.id !== upload.id);
      if (upload.jobId !== null) {
        void api.POST("/v1/jobs/{job_id}/cancel", { params: { path: { job_id: upload.jobId } } });
      }
      running.current.get(upload.id)?.abort();
      change(upload.id, { stage: "stopped" });
    },
    [change],
  );

  const clear = useCallback(() => {
    setUploads((all) => all.filter((one) => one.stage === "waiting" || one.stage === "sending" || one.stage === "reading"));
  }, []);

  return { uploads, add, stop, clear };
}

async function follow(item: Waiting, stop: AbortController, change: (id: number, to: Partial<Upload>) => void): Promise<void> {
  change(item.id, { stage: "sending" });
  const jobId = await send(item.file, item.options, stop.signal, (share) => {
    change(item.id, { share });
  });
  change(item.id, { stage: "reading", share: 1, jobId });
  for (;;) {
    await pause(LOOK_MS, stop.signal);
    const told = stageOf(await jobOf(jobId));
    change(item.id, told);
    if (told.stage !== "reading") return;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("stopped", "AbortError"));
    });
  });
}
