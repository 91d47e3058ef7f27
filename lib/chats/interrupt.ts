/** Stop: the running turn ends with what it has; a chat that is not running ends at once, an idle one stays as it is. */
import { type ChatWriter, type Outcome, transition } from "./transition";

/** @throws ApiError `not_found`, `conflict` (archived). */
export async function interruptChat(
  writer: ChatWriter,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<Outcome<undefined>> {
  return transition(writer, { chatId, ownerId, event: "interrupt" });
}
