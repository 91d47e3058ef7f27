/** Ed25519 keys as ssh writes them (RFC 4253, RFC 8709). Pure. */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

const TYPE = "ssh-ed25519";

export type NewKey = { privateKeyPem: string; publicKey: string };

/** A new pair; the comment tells a person at the host where it comes from. */
export function createKey(comment: string): NewKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = `${TYPE} ${publicBlobOf(privateKey).toString("base64")} ${comment}`;
  return { privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), publicKey };
}

export const openKey = (privateKeyPem: string): KeyObject => createPrivateKey(privateKeyPem);

/** The public half as it goes over the wire. */
export function publicBlobOf(privateKey: KeyObject): Buffer {
  const { x } = privateKey.export({ format: "jwk" });
  return Buffer.concat([encodeString(TYPE), encodeString(Buffer.from(String(x), "base64url"))]);
}

export const signWith = (privateKey: KeyObject, bytes: Buffer): Buffer =>
  Buffer.concat([encodeString(TYPE), encodeString(sign(null, bytes, privateKey))]);

/** `SHA256:…` of a key written as `type base64`, as `ssh-keygen -l` shows it. */
export function fingerprintOf(key: string): string {
  const bytes = Buffer.from(key.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(bytes).digest("base64").replace(/=+$/, "")}`;
}

/** Its length in four bytes, then the text. */
export function encodeString(text: string | Buffer): Buffer {
  const body = Buffer.from(text as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}
