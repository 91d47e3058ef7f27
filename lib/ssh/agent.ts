/**
 * An ssh agent for one key (draft-miller-ssh-agent): it signs and never tells the key. Its socket belongs in a directory
 * that nobody else enters, and never into a sandbox.
 */
import type { KeyObject } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { encodeString, publicBlobOf, signWith } from "./key";

const FAILURE = 5;
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
/** OpenSSH's own limit. */
const MAX_MESSAGE_BYTES = 256 * 1024;

/** Listens once it resolves. */
export function listenAsAgent(options: { socketPath: string; privateKey: KeyObject }): Promise<Server> {
  const server = createServer((socket) => serve(socket, options.privateKey));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.socketPath, () => resolve(server));
  });
}

function serve(socket: Socket, privateKey: KeyObject): void {
  let bytes = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 4) {
      const length = bytes.readUInt32BE();
      if (length === 0 || length > MAX_MESSAGE_BYTES) return void socket.destroy();
      if (bytes.length < 4 + length) return;
      socket.write(encodeString(answerTo(bytes.subarray(4, 4 + length), privateKey)));
      bytes = bytes.subarray(4 + length);
    }
  });
}

function answerTo(message: Buffer, privateKey: KeyObject): Buffer {
  const blob = publicBlobOf(privateKey);
  if (message[0] === REQUEST_IDENTITIES) {
    return Buffer.concat([Buffer.from([IDENTITIES_ANSWER, 0, 0, 0, 1]), encodeString(blob), encodeString("slipway")]);
  }
  if (message[0] === SIGN_REQUEST) {
    const [key, data] = readStrings(message.subarray(1));
    if (key && data && key.equals(blob)) {
      return Buffer.concat([Buffer.from([SIGN_RESPONSE]), encodeString(signWith(privateKey, data))]);
    }
  }
  return Buffer.from([FAILURE]);
}

/** The first two; what follows is flags. */
function readStrings(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let offset = 0; found.length < 2 && bytes.length >= offset + 4; ) {
    const end = offset + 4 + bytes.readUInt32BE(offset);
    if (end > bytes.length) break;
    found.push(bytes.subarray(offset + 4, end));
    offset = end;
  }
  return found;
}
