import { expect, test } from "vitest";
import { eventsOf } from "./events";

function streamOf(...parts: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

async function all(stream: ReadableStream<Uint8Array>) {
  const found = [];
  for await (const event of eventsOf(stream)) found.push(event);
  return found;
}

const bytes = (text: string) => new TextEncoder().encode(text);

test("events come in order, and comments are passed over", async () => {
  expect(await all(streamOf(bytes("event: claim\ndata: 1\n\n: heartbeat\n\nevent: answer\ndata: 2\n\n")))).toEqual([
    { event: "claim", data: "1" },
    { event: "answer", data: "2" },
  ]);
});

test("an event that is cut anywhere, also within a character, is put together again", async () => {
  const whole = bytes('event: claim\ndata: {"text": "Übelkeit 恶心"}\n\n');
  for (let cut = 1; cut < whole.length; cut++) {
    expect(await all(streamOf(whole.slice(0, cut), whole.slice(cut)))).toEqual([
      { event: "claim", data: '{"text": "Übelkeit 恶心"}' },
    ]);
  }
});

test("an event that never ended is none", async () => {
  expect(await all(streamOf(bytes("event: answer\ndata: 1\n")))).toEqual([]);
});
