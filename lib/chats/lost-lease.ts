/** Thrown when a runner writes after its lease was lost: another runner may own the chat. Never shown to a person. */
export class LostLeaseError extends Error {
  constructor(chatId: string) {
    super(`The runner no longer owns chat ${chatId}.`);
    this.name = "LostLeaseError";
  }
}
