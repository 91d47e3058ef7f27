/** What GitHub alone does; the rest is in `conformance.test.ts`. */
import { expect, test } from "vitest";
import type { PullRequest } from "@/lib/gitproviders/port";
import { createWorld, NOW } from "./world";

test("answers that did not change cost nothing of the limit", async () => {
  const { fake, repository, read } = createWorld("github");
  fake.open(repository, { branch: "fix" });
  const [first] = (await read(1)) as PullRequest[];
  const spent = fake.spent("t");
  expect(await read(1)).toEqual([first]);
  expect(fake.spent("t")).toBe(spent);
});

test.each([
  ["Retry-After as a date", { headers: { "retry-after": new Date(NOW + 90_000).toUTCString() } }, 90_000],
  [
    "a spent window",
    {
      headers: {
        "x-ratelimit-limit": "60",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(NOW / 1_000 + 33),
      },
    },
    33_000,
  ],
  ["words alone", { body: { message: "You have exceeded a secondary rate limit." } }, 60_000],
])("a limit told as 403 with %s ends at that second", async (_name, reply, waitMs) => {
  const { fake, repository, read, failure } = createWorld("github");
  fake.open(repository, { branch: "fix" });
  fake.intercept = () => ({ status: 403, body: {}, ...reply });
  const error = await failure(read(1));
  expect([error.kind, error.retryAt]).toEqual(["rate_limited", NOW + waitMs]);
});

test("a refusal in words of another matter is no limit", async () => {
  const { fake, repository, read } = createWorld("github");
  fake.open(repository, { branch: "fix" });
  fake.intercept = () => ({ status: 403, body: { message: "Resource protected by organization SAML enforcement." } });
  expect((await read(1))[0]).toMatchObject({ kind: "forbidden", message: expect.stringContaining("SAML") });
});
