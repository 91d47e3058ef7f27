/** Where in a chat a message stands, as the end of an address. */
export const messageHash = (messageId: number): string => `#message-${messageId}`;

/** The message that an address ends with; undefined when it names none. */
export function linkedMessageId(hash: string): number | undefined {
  const digits = /^#message-(\d{1,15})$/.exec(hash)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Shows a message of the chat that is open, also when the address names it already. */
export function followMessageLink(messageId: number): void {
  const hash = messageHash(messageId);
  if (window.location.hash === hash) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else window.location.hash = hash;
}
