/** Many open pull requests and one token for fourteen hours, on a clock that is moved: the host's own count decides. */
import { expect, test } from "vitest";
import { createSyncSimulation } from "../../support/sync-simulation";

/** A fiftieth of 10,000 pull requests and of an hour's 5,000 requests: the same pressure. `npm run bench -- git` does all. */
const PULLS = 200;
const LIMIT = 100;

test("open pull requests stay within the hourly limit, ten thousand for five thousand requests, and a change is seen", {
  timeout: 120_000,
}, async () => {
  const simulation = createSyncSimulation({ pulls: PULLS, repositories: 10, hourlyLimit: LIMIT });
  const { counted, refused } = await simulation.run(14);
  expect(Math.max(...counted), "what the host counted in any hour").toBeLessThanOrEqual(LIMIT);
  expect(refused, "requests after a limit was told").toBe(0);
  expect(simulation.seen.size, "pull requests seen").toBe(PULLS);
  expect(counted.at(-1), "an hour without changes, once all are known").toBeLessThan(LIMIT / 2);

  const { fake, worker, rows } = simulation;
  const [pull] = fake.repository("acme", "app7").pulls.values();
  fake.change(pull!, { state: "closed", merged: true });
  await worker.tick();
  expect(rows.find((row) => row.url?.endsWith(`/app7/pull/${pull!.number}`))?.known?.state).toBe("merged");
});
