/** Fixed names inside every sandbox. Constants only. */

/** The repository's tree, where tools start. */
export const WORKSPACE_DIR = "/workspace";
export const HOME_DIR = "/home/agent";
const SLIPWAY_DIR = "/run/slipway";
/** Long output of commands; tools may read it. */
export const OUTPUT_DIR = `${SLIPWAY_DIR}/output`;
/** The server's sockets for this workspace, read-only. */
export const SOCKET_DIR = `${SLIPWAY_DIR}/sockets`;
export const AGENT_FILE = `${SLIPWAY_DIR}/agent.cjs`;
/** Our Node, executable and unreadable; not on the PATH of tools. */
export const NODE_FILE = `${SLIPWAY_DIR}/node`;
/** A repository of the server's machine, read-only. */
export const LOCAL_REPOSITORY = `${SLIPWAY_DIR}/origin`;
export const CA_FILE = `${SLIPWAY_DIR}/ca.pem`;

/** Ports of the sandbox's own loopback; unusual, so that no program inside wants them. */
export const PROXY_PORT = 42128;
export const GIT_PORT = 42129;
