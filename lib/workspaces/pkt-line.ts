/** Git's pkt-line framing, as far as the broker reads and writes it. Pure. */

export const FLUSH = "0000";

/** One line: four hex digits of length (themselves included), then the payload. */
export function encodePacket(payload: string | Buffer): Buffer {
  const body = Buffer.from(payload as string);
  return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, "0")), body]);
}

export type RefUpdate = { oldId: string; newId: string; ref: string };

export type PushCommands = {
  updates: RefUpdate[];
  capabilities: string[];
};

/**
 * The commands before the pack of a push. Undefined while the bytes do not yet hold the closing flush.
 * A probe of a lone flush has no commands. @throws Error on bytes that are no commands.
 */
export function parsePushCommands(bytes: Buffer): PushCommands | undefined {
  const updates: RefUpdate[] = [];
  let capabilities: string[] = [];
  for (let offset = 0; ; ) {
    if (bytes.length < offset + 4) return undefined;
    const head = bytes.toString("latin1", offset, offset + 4);
    if (head === FLUSH) return { updates, capabilities };
    const length = /^[0-9a-f]{4}$/i.test(head) ? Number.parseInt(head, 16) : 0;
    if (length < 5) throw new Error(`not a pkt-line: ${JSON.stringify(head)}`);
    if (bytes.length < offset + length) return undefined;
    const [line = "", options] = bytes
      .toString("utf8", offset + 4, offset + length)
      .replace(/\n$/, "")
      .split("\0");
    const match = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (\S.*)$/.exec(line);
    if (match) updates.push({ oldId: match[1]!, newId: match[2]!, ref: match[3]! });
    else if (!line.startsWith("shallow ")) throw new Error("an unknown push command");
    if (options) capabilities = options.trim().split(" ");
    offset += length;
  }
}

/** The answer to a push that refuses every update, each with its reason, as `git push` shows it. */
export function encodeRefusedPush(commands: PushCommands, reasonOf: (update: RefUpdate) => string): Buffer {
  const lines = commands.updates.map((update) => encodePacket(`ng ${update.ref} ${reasonOf(update)}\n`));
  const report = Buffer.concat([encodePacket("unpack ok\n"), ...lines, Buffer.from(FLUSH)]);
  if (!commands.capabilities.includes("side-band-64k")) return report;
  return Buffer.concat([encodePacket(Buffer.concat([Buffer.from([1]), report])), Buffer.from(FLUSH)]);
}
