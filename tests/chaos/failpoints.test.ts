/** Each failpoint of the source is passed by a scene, and a worker killed there loses nothing. All of them: `npm run chaos -- --failpoints`. */
import { afterAll, expect, test } from "vitest";
import { createGround, type Kill, record } from "./killing";
import { ELSEWHERE, ENDING, readFailpoints, STARTING, withoutKind } from "./marks";

const ground = await createGround();
afterAll(() => ground.close());

test("each failpoint has a name of its own and is passed by a scene, or its test is named", async () => {
  const names = readFailpoints();
  expect(new Set(names).size).toBe(names.length);
  const passed = [...(await record(ground)).keys(), ...STARTING, ...ENDING].map(withoutKind);
  const missing = names.filter((name) => !passed.includes(name) && !(name in ELSEWHERE));
  expect(missing, "give each a scene in killing.ts, or name its test in marks.ts").toEqual([]);
});

/** Where most is at stake: something is done and not yet said, or said and not yet done. */
const KILLS: Kill[] = [
  { mark: "transition.commit.commit_answer", phase: "after", scene: "tool" },
  { mark: "workspace.create", phase: "after", scene: "tool" },
  { mark: "turn.tool", phase: "after", scene: "tool" },
  { mark: "transition.apply.commit_results", phase: "after", scene: "tool" },
  { mark: "transition.commit.finish_turn", phase: "after", scene: "queue" },
  { mark: "transition.apply.finish_interruption", phase: "after", scene: "interruption" },
  { mark: "transition.commit.reap", phase: "after", scene: "starting" },
  { mark: "transition.commit.requeue", phase: "before", scene: "ending" },
];

test.each(KILLS)("a worker killed $phase $mark ($scene) loses nothing", async (kill) => {
  expect(await ground.kill(kill)).toEqual([]);
});
