/** Keys for ssh hosts as they go over the wire. Loaded by browser and server. */
import { z } from "zod";

/** Whom a host expects where a remote does not say. */
export const DEFAULT_SSH_USERNAME = "git";

const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[1-9][0-9]{0,4})?$/;

export const sshKeySchema = z.object({
  id: z.string(),
  /** With the port where it is not 22. */
  host: z.string(),
  username: z.string(),
  /** For the host to accept. */
  public_key: z.string(),
  /** SHA-256 of the host's own key as it was seen first; null: not reached yet. */
  host_key_fingerprint: z.string().nullable(),
  created_at: z.string(),
});
export type SshKey = z.infer<typeof sshKeySchema>;

export const newSshKeySchema = z.strictObject({
  host: z
    .string()
    .trim()
    .toLowerCase()
    .regex(HOST, "Must be the name of a host, such as git.example.com or git.example.com:2222.")
    .transform((host) => host.replace(/:22$/, "")),
  username: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/, "Must be the user name before the @ of a remote, such as git.")
    .default(DEFAULT_SSH_USERNAME),
});
export type NewSshKey = z.input<typeof newSshKeySchema>;

export const sshKeyPathSchema = z.object({ key: z.uuid() });

export const sshKeyTestSchema = z.object({
  ok: z.boolean(),
  /** What the host said, or why it does not work. */
  message: z.string(),
});
export type SshKeyTest = z.infer<typeof sshKeyTestSchema>;
