/** A worker that is told nothing, and hears late that its chat has gone to another, asks its model nothing. */
import { expect, onTestFinished, test } from "vitest";
import { editMessage } from "@/lib/chats/edit-message";
import { createTestDaemon, waitFor } from "../support/daemon";
import { setHook } from "../support/failpoints.mjs";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [/edited$/, reply.text(["I ", "hang"], { earlyEnd: { afterChunks: 1, type: "hang" } })],
      [/^list/, byStep([reply.toolCalls([{ name: "execute", args: { command: "ls" } }]), reply.text("Listed.")])],
    ],
    reply.text("Hello."),
  ),
  variables: { SLIPWAY_WORKER_HEARTBEAT_MS: "60000", SLIPWAY_WORKER_LEASE_MS: "300000" },
});
slipway.pubsub.publish = () => {};
const { ownerId } = slipway;

type Work = () => unknown;

/** The next that passes the mark goes on only when the chat was edited and another worker answers it. */
async function whileEdited({
  chatId,
  late,
}: {
  chatId: string;
  late: (mark: string, work: Work, edit: Work) => unknown;
}) {
  const done = Promise.withResolvers<void>();
  const edit = async () => {
    setHook(undefined);
    const [first] = await slipway.rowsOf(chatId);
    const edited = `${first!.content[0].text}, edited`;
    await editMessage(slipway.writer, {
      chatId,
      ownerId,
      messageId: first!.id,
      content: edited,
    });
    await slipway.start();
    await waitFor(() => slipway.model.requests.some(({ prompt }) => prompt === edited), "another worker asks");
    done.resolve();
  };
  setHook((mark: string, work: Work) => late(mark, work, edit));
  onTestFinished(() => setHook(undefined));
  await slipway.start();
  await done.promise;
  // By the time that another chat is answered, found by a look, it has done what it does.
  const other = await slipway.create("other");
  await slipway.until(other.chatId, "waiting");
}

const promptsOf = (text: string) =>
  slipway.model.requests.map(({ prompt }) => prompt).filter((prompt) => prompt.includes(text));

test("that it has the chat at all", async () => {
  const { chatId } = await slipway.create("hello");
  await whileEdited({
    chatId,
    late: async (mark, work, edit) => {
      const acquired = await work();
      if (mark === "daemon.acquire" && Array.isArray(acquired) && acquired.length > 0) await edit();
      return acquired;
    },
  });
  expect(promptsOf("hello")).toEqual(["hello, edited"]);
});

test("that its next step is not its own", async () => {
  const { chatId } = await slipway.create("list");
  await whileEdited({
    chatId,
    late: async (mark, work, edit) => {
      if (mark === "turn.load") await edit();
      return work();
    },
  });
  expect(promptsOf("list")).toEqual(["list", "list, edited"]);
});
