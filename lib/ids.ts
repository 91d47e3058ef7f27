/** Identifiers. Uses the platform's random source only. */
import { createHash, randomBytes, randomUUID } from "node:crypto";

/** A random UUID (version 4). */
export const newId = (): string => randomUUID();

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the text is a UUID; a malformed id in a path is answered `not_found`. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** 256 random bits, base64url, after a prefix that secret scanners can look for. */
export const newSecret = (prefix: string): string => `${prefix}${randomBytes(32).toString("base64url")}`;

/** SHA-256, hex. Enough for secrets of 256 random bits; never for passwords. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
