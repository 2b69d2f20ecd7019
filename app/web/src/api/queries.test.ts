import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { askAnew } from "./queries";

describe("askAnew", () => {
  it("shows nothing of a first answer that was under way when something changed", async () => {
    const client = new QueryClient();
    const answers: ((names: readonly string[]) => void)[] = [];
    const observer = new QueryObserver<readonly string[]>(client, {
      queryKey: ["names", "list"],
      queryFn: () => new Promise((resolve) => answers.push(resolve)),
    });
    const shown: (readonly string[] | undefined)[] = [];
    observer.subscribe(({ data }) => shown.push(data));

    const asked = askAnew(client, ["names"]);
    await expect.poll(() => answers.length).toBe(2);
    answers[0]?.(["before"]);
    answers[1]?.(["before", "after"]);
    await asked;

    expect(client.getQueryData(["names", "list"])).toEqual(["before", "after"]);
    expect(shown.filter((data) => data !== undefined)).toEqual([["before", "after"]]);
    observer.destroy();
  });
});
