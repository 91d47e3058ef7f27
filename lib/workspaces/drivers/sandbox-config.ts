/** What the agent is told at its start: the environment of tools above all, built from nothing. */
import { existsSync } from "node:fs";
import type { AgentConfig } from "../agent/protocol";
import { CA_FILE, GIT_PORT, HOME_DIR, OUTPUT_DIR, PROXY_PORT, SOCKET_DIR, WORKSPACE_DIR } from "../sandbox-paths";
import { AGENT_FDS } from "./spawn-sandbox";

type Given = { agentId: string; token: string; path: readonly string[]; hasCaFile: boolean; idleTimeoutMs: number };

/** The agent's configuration in a sandbox of the local driver. */
export function agentConfig({ agentId, token, path, hasCaFile, idleTimeoutMs }: Given): AgentConfig {
  return {
    agentId,
    token,
    workspaceDir: WORKSPACE_DIR,
    outputDir: OUTPUT_DIR,
    ledgerFd: AGENT_FDS.ledger,
    listenFd: AGENT_FDS.listen,
    forwards: [
      { port: PROXY_PORT, socketPath: `${SOCKET_DIR}/proxy.sock` },
      { port: GIT_PORT, socketPath: `${SOCKET_DIR}/git.sock` },
    ],
    proxyPort: PROXY_PORT,
    environment: { ...baseEnvironment, PATH: path.join(":"), ...certificates(hasCaFile) },
    idleTimeoutMs,
  };
}

/** Nobody is there to answer a prompt, close a pager or see a colour. */
const baseEnvironment = {
  HOME: HOME_DIR,
  USER: "agent",
  LOGNAME: "agent",
  SHELL: "/bin/sh",
  LANG: "C.UTF-8",
  TMPDIR: "/tmp",
  TERM: "dumb",
  NO_COLOR: "1",
  PAGER: "cat",
  GIT_PAGER: "cat",
  EDITOR: "true",
  VISUAL: "true",
  GIT_EDITOR: "true",
  GIT_SEQUENCE_EDITOR: "true",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "true",
  DEBIAN_FRONTEND: "noninteractive",
  npm_config_yes: "true",
  npm_config_update_notifier: "false",
  npm_config_fund: "false",
  PIP_NO_INPUT: "1",
  PYTHONUNBUFFERED: "1",
};

const SYSTEM_CERTIFICATES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/** The file that the server trusts, else the system's: programs with certificates of their own are told too. */
function certificates(hasCaFile: boolean): Record<string, string> {
  const file = hasCaFile ? CA_FILE : SYSTEM_CERTIFICATES.find((path) => existsSync(path));
  if (!file) return {};
  const names = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"];
  return Object.fromEntries(names.map((name) => [name, file]));
}
