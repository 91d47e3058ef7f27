/** People's keys for ssh hosts. Sees private keys as sealed text only. */
import { and, asc, eq, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { sshKeys } from "@/db/schema";

/** A key with its sealed half: for signing, never for an answer. */
export type SshKeyRow = typeof sshKeys.$inferSelect;

const ofUser = ({ id, userId }: { id: string; userId: string }) => and(eq(sshKeys.id, id), eq(sshKeys.userId, userId));

/** All of a person's keys, by host. */
export const listSshKeys = (executor: Executor, { userId }: { userId: string }): Promise<SshKeyRow[]> =>
  executor.select().from(sshKeys).where(eq(sshKeys.userId, userId)).orderBy(asc(sshKeys.host));

/** The person's key for a host, by `ssh_keys_user_id_host`. */
export async function findSshKeyOfHost(
  executor: Executor,
  { userId, host }: { userId: string; host: string },
): Promise<SshKeyRow | undefined> {
  const [row] = await executor
    .select()
    .from(sshKeys)
    .where(and(eq(sshKeys.userId, userId), eq(sshKeys.host, host)));
  return row;
}

export async function findSshKey(
  executor: Executor,
  key: { id: string; userId: string },
): Promise<SshKeyRow | undefined> {
  const [row] = await executor.select().from(sshKeys).where(ofUser(key));
  return row;
}

/** Undefined when the person has a key for that host already. */
export async function insertSshKey(
  executor: Executor,
  key: Omit<typeof sshKeys.$inferInsert, "hostKey" | "createdAt">,
): Promise<SshKeyRow | undefined> {
  const [row] = await executor.insert(sshKeys).values(key).onConflictDoNothing().returning();
  return row;
}

/** Keeps the host's key that was seen first; a later one changes nothing. */
export async function updateSshHostKey(executor: Executor, { id, hostKey }: { id: string; hostKey: string }) {
  await executor
    .update(sshKeys)
    .set({ hostKey })
    .where(and(eq(sshKeys.id, id), isNull(sshKeys.hostKey)));
}

/** Whether there was one. */
export async function deleteSshKey(executor: Executor, key: { id: string; userId: string }): Promise<boolean> {
  const rows = await executor.delete(sshKeys).where(ofUser(key)).returning({ id: sshKeys.id });
  return rows.length > 0;
}
