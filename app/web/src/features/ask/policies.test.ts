import { expect, test } from "vitest";
import { inWords, redacted } from "./policies";

const said = (policy: string, decision: string, reason: string) => inWords({ policy, decision, reason });

test("what only let an answer pass did not act", () => {
  expect(said("access.policies", "allow", "allowed by subjects.member").acted).toBe(false);
  expect(said("grounding", "allow", "3 of 3 drafted claims stood")).toEqual({
    key: "ask.policy.groundingAllow",
    values: { count: 3, drafted: 3 },
    acted: false,
  });
});

test("claims that fell are counted", () => {
  expect(said("grounding", "drop", "2 of 5 drafted claims fell: 2× no quote")).toEqual({
    key: "ask.policy.groundingDrop",
    values: { count: 2, drafted: 5 },
    acted: true,
  });
});

test("a wall is named as one, other reasons are not", () => {
  const wall = "1 passages were held back: it stands behind a wall that the actor is not inside of";
  expect(said("access", "deny", wall).key).toBe("ask.policy.accessWall");
  expect(said("access", "deny", "4 passages were held back: its collection is not in scope")).toEqual({
    key: "ask.policy.accessDeny",
    values: { count: 4 },
    acted: true,
  });
});

test("a break-glass says until when", () => {
  const reason = "opened by break-glass g_1 until 2026-03-01T10:00:00+00:00; a reviewer will look at it";
  expect(said("break-glass", "flag", reason).values).toEqual({ until: "2026-03-01T10:00:00+00:00" });
});

test("a policy that the client does not know is shown in the server's words", () => {
  expect(said("house-rule", "drop", "as it is")).toEqual({
    key: "ask.policy.other",
    values: { policy: "house-rule", reason: "as it is" },
    acted: true,
  });
});

test("redactions are added up", () => {
  expect(redacted({ PERSON: 2, DATE: 3 })).toBe(5);
  expect(redacted({})).toBe(0);
});
