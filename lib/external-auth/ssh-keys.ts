/** A person's keys for ssh hosts: made and kept here, sealed; they sign for the git broker and are never told. */
import {
  deleteSshKey,
  findSshKey,
  findSshKeyOfHost,
  insertSshKey,
  listSshKeys,
  type SshKeyRow,
  updateSshHostKey,
} from "@/db/queries/ssh-keys";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { SshKey, SshKeyTest } from "@/lib/contract/ssh-keys";
import { newId } from "@/lib/ids";
import { systemNetwork } from "@/lib/network-address";
import { runSsh, SSH_FAILED, type SshIdentity, wordsOf } from "@/lib/ssh/client";
import { createKey, fingerprintOf, openKey } from "@/lib/ssh/key";
import { parseSshRemote } from "@/lib/ssh/remote";
import type { SshIdentitySource } from "@/lib/workspaces/credentials";
import type { ExternalAuthParts } from "./tokens";

type SshKeyParts = Pick<ExternalAuthParts, "db" | "secrets">;

/** All of a person's keys. */
export async function listKeys({ db }: SshKeyParts, { userId }: { userId: string }): Promise<SshKey[]> {
  return (await listSshKeys(db, { userId })).map(toSshKey);
}

/** Makes a key; the host is not asked. @throws ApiError `conflict` where the person has one for that host. */
export async function createSshKey(
  { db, secrets }: SshKeyParts,
  { userId, host, username }: { userId: string; host: string; username: string },
): Promise<SshKey> {
  const id = newId();
  const { privateKeyPem, publicKey } = createKey(`slipway:${host}`);
  const privateKeyCiphertext = secrets.seal(privateKeyPem, placeOf(id));
  const row = await insertSshKey(db, { id, userId, host, username, publicKey, privateKeyCiphertext });
  if (!row) throw new ApiError("conflict", `You have an SSH key for ${host}; remove it first to make a new one.`);
  return toSshKey(row);
}

/** @throws ApiError `not_found`. */
export async function removeSshKey({ db }: SshKeyParts, key: { id: string; userId: string }): Promise<void> {
  if (!(await deleteSshKey(db, key))) throw notFound();
}

/** A host that hangs is given up within this time; ssh's own limit covers less. */
const TEST_MS = 30_000;

/**
 * Signs in at the host with the key, and learns the host's own the first time. `trusted`: an administrator asks, so the
 * address may be private. @throws ApiError `not_found`.
 */
export async function testSshKey(
  parts: SshKeyParts,
  { trusted, ...key }: { id: string; userId: string; trusted: boolean },
): Promise<SshKeyTest> {
  const row = await findSshKey(parts.db, key);
  if (!row) throw notFound();
  const remote = parseSshRemote(`ssh://${row.host}/-`);
  if (!remote) throw new Error(`a key for ${row.host}, which is no host`);
  const identity = toIdentity(parts, row);
  try {
    const run = await runSsh({ remote, identity, network: systemNetwork, trusted }, {});
    const timer = setTimeout(run.kill, TEST_MS);
    run.stdin.end();
    let said = "";
    run.stdout.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(0, 1_000);
    });
    const { code, stderr, failure } = await run.ended;
    clearTimeout(timer);
    if (code === SSH_FAILED) return { ok: false, message: failure ?? `${row.host} did not answer in time.` };
    return { ok: true, message: `${row.host} accepts the key. ${wordsOf(said || stderr)}`.trim() };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}

/** The keys of workspaces' owners, for the git broker. */
export function createSshIdentities(parts: SshKeyParts): SshIdentitySource {
  return async ({ host, ownerId }) => {
    const row = await findSshKeyOfHost(parts.db, { userId: ownerId, host });
    return row ? toIdentity(parts, row) : null;
  };
}

const toIdentity = ({ db, secrets }: SshKeyParts, row: SshKeyRow): SshIdentity => ({
  username: row.username,
  privateKey: openKey(secrets.open(row.privateKeyCiphertext, placeOf(row.id))),
  hostKey: row.hostKey,
  rememberHostKey: (hostKey) => updateSshHostKey(db, { id: row.id, hostKey }),
});

const placeOf = (id: string): string => `ssh_keys.private_key:${id}`;

const toSshKey = ({ id, host, username, publicKey, hostKey, createdAt }: SshKeyRow): SshKey => ({
  id,
  host,
  username,
  public_key: publicKey,
  host_key_fingerprint: hostKey === null ? null : fingerprintOf(hostKey),
  created_at: createdAt,
});
