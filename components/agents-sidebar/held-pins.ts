/** Pins that a person is moving, with how many moves are on their way. */
const heldPins = new Map<string, number>();

export const isPinHeld = (chatId: string): boolean => heldPins.has(chatId);

export function holdPin(chatId: string): void {
  heldPins.set(chatId, (heldPins.get(chatId) ?? 0) + 1);
}

export function releasePin(chatId: string): void {
  const count = (heldPins.get(chatId) ?? 0) - 1;
  if (count > 0) heldPins.set(chatId, count);
  else heldPins.delete(chatId);
}
