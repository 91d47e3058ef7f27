/**
 * A delivery of GitHub's webhooks: checked, counted once, and taken as a hint of what to read again. Nothing in it is
 * believed, so that a forged, late or doubled one does no harm.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Sql } from "postgres";
import { z } from "zod";
import { markRepositoryStale } from "@/db/queries/git-references";
import { insertWebhookDelivery } from "@/db/queries/git-webhooks";
import { ApiError } from "@/lib/contract/errors";
import type { GitHosts } from "@/lib/gitproviders/registry";
import { repositoryKey } from "@/lib/gitproviders/remote";
import { sha256 } from "@/lib/ids";
import type { PubSub } from "@/lib/pubsub";

/** GitHub sends none larger (docs, "Webhook events and payloads", read 2026-11). */
export const MAX_DELIVERY_BYTES = 25 * 1024 * 1024;

type Delivery = { body: Buffer; signature: string | null; event: string; deliveryId: string | null };

/** @throws ApiError `unauthorized` unless one of the configured secrets signed exactly these bytes. */
export async function acceptDelivery(
  parts: { sql: Sql; pubsub: PubSub; hosts: GitHosts },
  { body, signature, event, deliveryId }: Delivery,
): Promise<{ accepted: boolean }> {
  const signer = parts.hosts.list().find(({ entry }) => isSignedWith(entry.webhookSecret, body, signature));
  if (!signer) throw new ApiError("unauthorized", "The signature is missing, or not one of a configured secret.");
  const hint = readHint(body);
  let count = 0;
  const isNew = await parts.sql.begin(async (tx) => {
    const id = deliveryId?.slice(0, 200) || sha256(body.toString("latin1"));
    if (
      !(await insertWebhookDelivery(tx, { providerId: signer.entry.id, deliveryId: id, event: event.slice(0, 100) }))
    ) {
      return false;
    }
    if (hint) count = await markRepositoryStale(tx, hint);
    return true;
  });
  if (count > 0) parts.pubsub.publish({ type: "git" });
  return { accepted: isNew };
}

function isSignedWith(secret: string | null, body: Buffer, signature: string | null): boolean {
  if (!secret || !signature) return false;
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const text = z.string().max(2_000).optional().catch(undefined);
const number = z.number().int().positive().max(2_147_483_647).optional().catch(undefined);
const lenient = <T extends z.ZodRawShape>(shape: T) => z.object(shape).nullish().catch(null);
const repository = lenient({ full_name: text });
const numbered = z.array(lenient({ number })).optional().catch(undefined);
const suite = lenient({ head_branch: text, pull_requests: numbered });

const payload = z.object({
  repository,
  number,
  ref: text,
  pull_request: lenient({ number, head: lenient({ ref: text, repo: repository }) }),
  issue: lenient({ number, pull_request: z.unknown().optional() }),
  check_suite: suite,
  check_run: lenient({ check_suite: suite, pull_requests: numbered }),
  workflow_run: suite,
  branches: z
    .array(lenient({ name: text }))
    .optional()
    .catch(undefined),
});

export type WebhookHint = { repositoryKeys: string[]; branches: string[]; numbers: number[] };

/** What a payload of any event speaks of; undefined when it names no repository. Pure. */
export function readHint(body: Buffer): WebhookHint | undefined {
  const parsed = payload.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const pull = data.pull_request;
  const keys = [data.repository, pull?.head?.repo].map((repo) =>
    repositoryKey(`https://host/${repo?.full_name ?? ""}`),
  );
  const suites = [data.check_suite, data.check_run?.check_suite, data.workflow_run];
  const branches = [
    pull?.head?.ref,
    data.ref?.replace(/^refs\/heads\//, ""),
    ...suites.map((entry) => entry?.head_branch),
    ...(data.branches ?? []).map((entry) => entry?.name),
  ];
  const listed = [...suites, data.check_run].flatMap((entry) => entry?.pull_requests ?? []);
  const numbers = [data.number, pull?.number, data.issue?.pull_request ? data.issue.number : undefined];
  const hint = {
    repositoryKeys: unique(keys).filter((key) => key !== ""),
    branches: unique(branches),
    numbers: unique([...numbers, ...listed.map((entry) => entry?.number)]),
  };
  return hint.repositoryKeys.length > 0 ? hint : undefined;
}

const unique = <T>(items: readonly (T | null | undefined)[]): T[] => [
  ...new Set(items.filter((item): item is T => item !== undefined && item !== null && item !== "")),
];

/** GitHub also sends forms: `payload=` and the JSON, percent-encoded. */
function parseJson(body: Buffer): unknown {
  const text = body.toString("utf8");
  try {
    return JSON.parse(text.startsWith("payload=") ? (new URLSearchParams(text).get("payload") ?? "") : text);
  } catch {
    return undefined;
  }
}
