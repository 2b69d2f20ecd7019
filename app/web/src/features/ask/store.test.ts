import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderHook } from "@testing-library/react";
import { dropCredential, keepCredential } from "@/api/session";
import { changeScope } from "@/app/scope";
import { ask, prepare, retry, startNew, stop, useAsking } from "./store";

const CLAIM = { text: "a", verdict: "supported", score: 1, reason: "", checker: "c", quotes: [] };
const ANSWER = { id: "a_1", status: "answered", as_of: "2026-01-01", claims: [CLAIM], evidence: [], policies: [] };

interface Asked {
  method: string;
  path: string;
  key: string | null;
  body: string;
}
let asked: Asked[] = [];
let begun = 0;
let reply: (request: Request, asked: Asked) => Response | Promise<Response>;

const events = (...all: [string, unknown][]) =>
  new Response(all.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join(""));
const problem = (status: number, code: string) => Response.json({ code, detail: "why", status }, { status });
const turns = () => renderHook(() => useAsking()).result.current.turns;

beforeEach(() => {
  asked = [];
  begun = 0;
  keepCredential("cso_x");
  reply = () => events(["claim", CLAIM], ["answer", ANSWER]);
  vi.stubGlobal("fetch", async (input: Request | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(input, "http://here"), init);
    const one = {
      method: request.method,
      path: new URL(request.url).pathname,
      key: request.headers.get("Idempotency-Key"),
      body: await request.clone().text(),
    };
    asked.push(one);
    if (one.method === "DELETE") return new Response(null, { status: 204 });
    if (one.path === "/v1/conversations") return Response.json({ id: `c_${String(++begun)}` }, { status: 201 });
    return reply(request, one);
  });
});

afterEach(() => {
  startNew();
  dropCredential();
  vi.unstubAllGlobals();
});

const calls = () => asked.map((one) => `${one.method} ${one.path}`);

test("the first question begins a conversation, the next goes on in it", async () => {
  await ask("one");
  await ask("two");
  expect(calls()).toEqual([
    "POST /v1/conversations",
    "POST /v1/conversations/c_1/messages",
    "POST /v1/conversations/c_1/messages",
  ]);
  expect(turns().map((one) => one.status)).toEqual(["done", "done"]);
});

test("another scope begins another conversation", async () => {
  await ask("one");
  changeScope({ asOf: "2024-01-01" });
  await ask("one");
  expect(calls().at(-1)).toBe("POST /v1/conversations/c_2/messages");
  expect(JSON.parse(asked[2]?.body ?? "")).toMatchObject({ as_of: "2024-01-01" });
});

test("what is prepared while somebody types is used, and removed when it is not", async () => {
  prepare();
  prepare();
  await vi.waitFor(() => {
    expect(renderHook(() => useAsking()).result.current.conversation?.id).toBe("c_1");
  });
  changeScope({ asOf: "2024-01-01" });
  prepare();
  await vi.waitFor(() => {
    expect(calls()).toEqual(["POST /v1/conversations", "POST /v1/conversations", "DELETE /v1/conversations/c_1"]);
  });
  await ask("one");
  expect(calls().at(-1)).toBe("POST /v1/conversations/c_2/messages");
  startNew();
  expect(calls()).not.toContain("DELETE /v1/conversations/c_2");
});

test("a problem of the server is shown, and trying again sends another key", async () => {
  reply = () => problem(503, "policy.verifier_unavailable");
  await ask("one");
  expect(turns()[0]).toMatchObject({ status: "failed", error: { code: "policy.verifier_unavailable" } });
  const before = asked.at(-1)?.key;
  reply = () => events(["answer", ANSWER]);
  await retry(turns()[0]?.id ?? 0);
  expect(turns()[0]?.status).toBe("done");
  expect(asked.at(-1)?.key).not.toBe(before);
});

test("what was lost on the way is asked for again under the same key", async () => {
  reply = () => {
    throw new TypeError("network");
  };
  await ask("one");
  expect(turns()[0]?.error?.code).toBe("client.offline");
  const before = asked.at(-1)?.key;
  reply = () => events(["answer", ANSWER]);
  await retry(turns()[0]?.id ?? 0);
  expect(asked.at(-1)?.key).toBe(before);
});

test("a stream that ends without an answer is a failure, not an answer", async () => {
  reply = () => events(["claim", CLAIM]);
  await ask("one");
  expect(turns()[0]?.status).toBe("failed");
});

test("a problem within the stream fails the question", async () => {
  reply = () => events(["claim", CLAIM], ["problem", { code: "access.denied", detail: "", status: 403 }]);
  await ask("one");
  expect(turns()[0]).toMatchObject({ status: "failed", error: { code: "access.denied", status: 403 } });
});

test("stopping keeps what came and says that it is not whole", async () => {
  reply = (request) =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(`event: claim\ndata: ${JSON.stringify(CLAIM)}\n\n`));
          request.signal.addEventListener("abort", () => {
            controller.error(new DOMException("", "AbortError"));
          });
        },
      }),
    );
  const asking = ask("one");
  await vi.waitFor(() => {
    expect(turns()[0]?.claims).toHaveLength(1);
  });
  stop();
  await asking;
  expect(turns()[0]).toMatchObject({ status: "stopped", claims: [CLAIM] });
});

test("signing out forgets what was asked", async () => {
  await ask("one");
  dropCredential();
  expect(turns()).toEqual([]);
});
