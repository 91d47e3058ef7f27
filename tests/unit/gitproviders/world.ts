/** An adapter over the fake host of its make. */
import { expect } from "vitest";
import type { GitHostType } from "@/lib/contract/external-auth";
import { createGitHost } from "@/lib/gitproviders/create-git-host";
import type { GitHostError } from "@/lib/gitproviders/git-host-error";
import { createFakeClock } from "../../support/fake-clock";
import { createFakeGitHost } from "../../support/git-host";

export const NOW = Date.parse("2026-11-27T12:00:00Z");

export function createWorld(type: GitHostType) {
  const clock = createFakeClock(NOW);
  const fake = createFakeGitHost({ now: () => clock.now(), type });
  const host = createGitHost({ type, apiBaseUrl: fake.apiBaseUrl, clock, fetch: fake.fetch, deadlineMs: 200 });
  const repository = fake.repository("acme", "app");
  const access = { token: "t", signal: AbortSignal.timeout(5_000) };
  const read = (...numbers: number[]) => host.getPullRequests(access, { repository, numbers });
  const failure = async (work: Promise<unknown>): Promise<GitHostError> =>
    work.then(
      () => expect.fail("it worked"),
      (error) => error,
    );
  return { clock, fake, host, repository, access, read, failure };
}
