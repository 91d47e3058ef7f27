/**
 * A delivery of a git host's webhooks: checked, counted once, and taken as a hint of what to read again. Nothing in it is
 * believed, so that a forged, late or doubled one does no harm.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Sql } from "postgres";
import { markRepositoryStale } from "@/db/queries/git-references";
import { insertWebhookDelivery } from "@/db/queries/git-webhooks";
import { ApiError } from "@/lib/contract/errors";
import type { GitHostType } from "@/lib/contract/external-auth";
import type { GitHosts } from "@/lib/gitproviders/registry";
import { sha256 } from "@/lib/ids";
import type { PubSub } from "@/lib/pubsub";
import { readHint } from "./webhook-hints";

/** GitHub sends none larger (docs, "Webhook events and payloads", read 2026-11), nor do the others. */
export const MAX_DELIVERY_BYTES = 25 * 1024 * 1024;

export type Delivery = { type: GitHostType; body: Buffer; headers: Headers };

type Dialect = {
  /** Whose secrets count. */
  hosts: readonly GitHostType[];
  isSigned(secret: string, delivery: Delivery): boolean;
  /** The first that is there. */
  eventHeaders: readonly string[];
  /** The same when a delivery is sent again. */
  idHeaders: readonly string[];
};

const DIALECTS = {
  github: {
    // Forgejo signs like GitHub too, and may be told this address.
    hosts: ["github", "forgejo"],
    isSigned: (secret, { body, headers }) =>
      isEqual(headers.get("x-hub-signature-256"), `sha256=${digestOf(secret, body)}`),
    eventHeaders: ["x-github-event"],
    idHeaders: ["x-github-delivery"],
  },
  gitlab: {
    hosts: ["gitlab"],
    // The secret itself: GitLab signs nothing (docs, "Webhooks", read 2026-11).
    isSigned: (secret, { headers }) => isEqual(headers.get("x-gitlab-token"), secret),
    eventHeaders: ["x-gitlab-event"],
    // Since 17.4. An event's UUID is shared by all that one change sets off.
    idHeaders: ["idempotency-key"],
  },
  forgejo: {
    hosts: ["forgejo"],
    isSigned: (secret, { body, headers }) =>
      isEqual(headers.get("x-forgejo-signature") ?? headers.get("x-gitea-signature"), digestOf(secret, body)),
    eventHeaders: ["x-forgejo-event", "x-gitea-event"],
    idHeaders: ["x-forgejo-delivery", "x-gitea-delivery"],
  },
} satisfies Record<GitHostType, Dialect>;

/** @throws ApiError `unauthorized` unless a secret configured for such a host signed exactly these bytes. */
export async function acceptDelivery(
  parts: { sql: Sql; pubsub: PubSub; hosts: GitHosts },
  delivery: Delivery,
): Promise<{ accepted: boolean }> {
  const { type, body, headers } = delivery;
  const dialect: Dialect = DIALECTS[type];
  const signer = parts.hosts
    .list()
    .find(
      ({ entry }) =>
        dialect.hosts.includes(entry.type) && entry.webhookSecret && dialect.isSigned(entry.webhookSecret, delivery),
    );
  if (!signer) throw new ApiError("unauthorized", "The signature is missing, or not one of a configured secret.");
  const hint = readHint(type, body);
  const deliveryId = firstOf(headers, dialect.idHeaders)?.slice(0, 200) || sha256(body.toString("latin1"));
  const event = firstOf(headers, dialect.eventHeaders)?.slice(0, 100) ?? "";
  let count = 0;
  const isNew = await parts.sql.begin(async (tx) => {
    if (!(await insertWebhookDelivery(tx, { providerId: signer.entry.id, deliveryId, event }))) return false;
    if (hint) count = await markRepositoryStale(tx, hint);
    return true;
  });
  if (count > 0) parts.pubsub.publish({ type: "git" });
  return { accepted: isNew };
}

const digestOf = (secret: string, body: Buffer): string => createHmac("sha256", secret).update(body).digest("hex");

/** In the same time whatever differs; digests, so that not even the length is told. */
const isEqual = (given: string | null, expected: string): boolean =>
  given !== null && timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(expected)));

function firstOf(headers: Headers, names: readonly string[]): string | null {
  return names.map((name) => headers.get(name)).find(Boolean) ?? null;
}
