/** The device cookie: proof that a browser signed in to an account before. Opens nothing; it only buys its own budget of failures. */
import { newId, sha256 } from "@/lib/ids";
import type { SecretBox } from "@/lib/secret-box";

const PLACE = "device_cookie";
/** One year; the cookie is renewed at every sign-in. */
export const DEVICE_LIFETIME_SECONDS = 365 * 24 * 60 * 60;

/** `__Host-` where the address is https. */
export const deviceCookieName = (accessUrl: string): string =>
  accessUrl.startsWith("https:") ? "__Host-slipway_device" : "slipway_device";

/** A cookie value that names one browser and, hashed, the account's address. */
export const sealDevice = (secrets: SecretBox, options: { email: string }): string =>
  secrets.seal(`${accountOf(options.email)}.${newId()}`, PLACE);

/** The browser's key for limits; undefined when the cookie is missing, forged or of another account. */
export function openDevice(
  secrets: SecretBox,
  options: { cookie: string | undefined; email: string },
): string | undefined {
  if (!options.cookie) return undefined;
  let device: string;
  try {
    device = secrets.open(options.cookie, PLACE);
  } catch {
    // A forged or outdated cookie is no error: the browser then counts as a stranger.
    return undefined;
  }
  return device.startsWith(`${accountOf(options.email)}.`) ? device : undefined;
}

const accountOf = (email: string): string => sha256(email.toLowerCase());
