/** Makes the adapter for a configured git host. One per entry and process: it holds the cache of the entry. */
import type { GitHostType } from "@/lib/contract/external-auth";
import type { AdapterOptions } from "./adapter-options";
import { webUrlOf } from "./addresses";
import { createForgejo } from "./forgejo";
import { createGithub } from "./github";
import { createGitlab } from "./gitlab";
import type { GitHost } from "./port";
import { createResponseCache } from "./response-cache";

type CreateGitHost = Pick<AdapterOptions, "apiBaseUrl" | "clock" | "fetch" | "deadlineMs"> & { type: GitHostType };

export function createGitHost({ type, ...given }: CreateGitHost): GitHost {
  const options = { ...given, webUrl: webUrlOf(given.apiBaseUrl), cache: createResponseCache() };
  return ADAPTERS[type](options);
}

const ADAPTERS = { github: createGithub, gitlab: createGitlab, forgejo: createForgejo } satisfies Record<
  GitHostType,
  (options: AdapterOptions) => GitHost
>;
