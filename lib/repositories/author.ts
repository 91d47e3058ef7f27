/** Who the commits of a workspace are by. Reads the owner's linked account; asks no host. */
import { findUser } from "@/db/queries/users";

import type { CommitAs } from "@/lib/contract/workspace-agent";
import type { TemplateConfig } from "@/lib/contract/workspaces";
import { findAuthor } from "@/lib/external-auth/links";
import type { RepositoryParts } from "./parts";

/** Where a template wants no person named. */
const SLIPWAY: CommitAs = { name: "Slipway", email: "slipway@localhost" };

export type Owner = { id: string; name: string; email: string };

/** The owner as the repository's host knows them, else as Slipway does. */
export async function resolveAuthor(
  parts: Pick<RepositoryParts, "db" | "hosts">,
  { owner, repository, config }: { owner: Owner; repository: string | null; config: TemplateConfig },
): Promise<CommitAs> {
  if (config.commit_author === "slipway") return SLIPWAY;
  const configured = repository ? parts.hosts.findByRemote(repository) : undefined;
  const linked = configured && (await findAuthor(parts, { userId: owner.id, providerId: configured.entry.id }));
  return plainAuthor(linked ? { ...linked, name: linked.name || owner.name } : owner);
}

/** Git ends a name at these, and a commit without one is none. Pure. */
function plainAuthor({ name, email }: CommitAs): CommitAs {
  const plain = (text: string) => text.replaceAll(/[\p{Cc}<>]/gu, "").trim();
  return { name: plain(name) || SLIPWAY.name, email: plain(email) || SLIPWAY.email };
}

/** The same for the configuration of git in a workspace that starts, which the agent's own commits use. */
export async function findWorkspaceAuthor(
  parts: Pick<RepositoryParts, "db" | "hosts">,
  { ownerId, ...workspace }: { ownerId: string; repository: string | null; config: TemplateConfig },
): Promise<CommitAs> {
  const user = await findUser(parts.db, { userId: ownerId });
  const owner = { id: ownerId, name: user?.name || user?.username || "", email: user?.email ?? "" };
  return resolveAuthor(parts, { ...workspace, owner });
}
