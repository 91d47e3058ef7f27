/** Encryption of secrets at rest: AES-256-GCM, bound to the row it stands in. Keeps the key in memory only. */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto";

export type SecretBox = {
  /** `place` names table, column and row (`chat_providers.api_key:<id>`); the same place is needed to open it. */
  seal(plaintext: string, place: string): string;
  /** @throws Error when the key is another, the text was changed or the place differs. */
  open(sealed: string, place: string): string;
};

const VERSION = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param key 32 bytes. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== 32) throw new Error(`The secret key has ${key.length} bytes; 32 are needed.`);
  // A key of bytes is made one for each cipher, four times the work of opening a secret.
  const secret = createSecretKey(key);
  return {
    seal(plaintext, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", secret, nonce).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
      return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open(sealed, place) {
      const [version, encoded] = sealed.split(".");
      if (version !== VERSION || !encoded) throw new Error("The stored secret has an unknown format.");
      const bytes = Buffer.from(encoded, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", secret, bytes.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
        "utf8",
      );
    },
  };
}
