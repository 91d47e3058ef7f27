/** The template that a fresh install has. Written once; an administrator may change or delete it. */
import { newId } from "@/lib/ids";
import type { WorkspaceStore } from "./store";

/** What common package managers and source hosts need, and nothing that takes uploads from strangers. */
export const DEFAULT_ALLOWED_HOSTS = [
  "registry.npmjs.org",
  "registry.yarnpkg.com",
  "nodejs.org",
  "pypi.org",
  "files.pythonhosted.org",
  "proxy.golang.org",
  "sum.golang.org",
  "index.crates.io",
  "static.crates.io",
  "crates.io",
  "rubygems.org",
  "repo.maven.apache.org",
  "deb.debian.org",
];

/** Makes the default template when there has never been one. */
export function ensureDefaultTemplate(store: Pick<WorkspaceStore, "ensureTemplate">): Promise<void> {
  return store.ensureTemplate({
    id: newId(),
    name: "Local sandbox",
    description: "An isolated sandbox on this machine, with access to package registries only.",
    driver: "local",
    config: { allowed_hosts: DEFAULT_ALLOWED_HOSTS },
  });
}
