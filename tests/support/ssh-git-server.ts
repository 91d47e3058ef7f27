/** A git host over ssh: OpenSSH's own server on loopback, for one key that may do nothing but git. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { until } from "./workspaces";

export type SshGitServer = {
  port: number;
  /** Whom it knows. */
  username: string;
  /** Where the bare repositories are: `<name>.git`. */
  folder: string;
  /** Accepts these keys and no others. */
  accept(...publicKeys: string[]): void;
  /** What was asked for with which protocol, in order. */
  requests(): string[];
  /** Gets another key of its own, as after a reinstallation. */
  changeHostKey(): Promise<void>;
};

/** Serves `acme/<name>.git`. `takesProtocol`: as the large hosts do; `lfs`: what `git-lfs-authenticate` prints. Call it at the top of a test file. */
export async function startSshGitServer({ takesProtocol = true, lfs = "" } = {}): Promise<SshGitServer> {
  const root = mkdtempSync(join(tmpdir(), "slipway-sshd-"));
  const place = (name: string) => join(root, name);
  mkdirSync(place("acme"));
  // OpenSSH for Debian wants it when it starts as root.
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });
  // As a host does: the key decides who it is, and nothing but git's services runs.
  const shell = `#!/bin/sh\ncd '${root}'\necho "$SSH_ORIGINAL_COMMAND $GIT_PROTOCOL" >> requests\n[ -n "$SSH_ORIGINAL_COMMAND" ] || { echo "Hi, ada."; exit 1; }\ncase "$SSH_ORIGINAL_COMMAND" in git-lfs-authenticate*) cat lfs; exit;; esac\nexec git-shell -c "$SSH_ORIGINAL_COMMAND"\n`;
  writeFileSync(place("shell"), shell, { mode: 0o755 });
  writeFileSync(place("lfs"), lfs);
  writeFileSync(place("keys"), "");
  writeFileSync(place("requests"), "");
  const port = await freePort();
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${place("host")}`,
    `AuthorizedKeysFile ${place("keys")}`,
    `ForceCommand ${place("shell")}`,
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "StrictModes no",
    "PermitRootLogin yes",
    "PidFile none",
    // The default one costs a tenth of a second of CPU a connection.
    "KexAlgorithms curve25519-sha256",
    ...(takesProtocol ? ["AcceptEnv GIT_PROTOCOL"] : []),
  ];
  writeFileSync(place("config"), `${lines.join("\n")}\n`);
  const start = () => {
    rmSync(place("host"), { force: true });
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", place("host")]);
    return spawn("/usr/sbin/sshd", ["-D", "-e", "-f", place("config")], { stdio: "ignore" });
  };
  let server = start();
  await until(() => isListening(port), "the ssh server listens");
  afterAll(() => {
    server.kill();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    port,
    username: userInfo().username,
    folder: place("acme"),
    accept: (...publicKeys) => writeFileSync(place("keys"), `${publicKeys.join("\n")}\n`),
    requests: () =>
      readFileSync(place("requests"), "utf8")
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => line.trim()),
    async changeHostKey() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill();
      await ended;
      server = start();
      await until(() => isListening(port), "the ssh server listens again");
    },
  };
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
