/** The arguments of bubblewrap for one sandbox. Pure but for looking what exists on this machine. */
import { existsSync } from "node:fs";
import {
  AGENT_FILE,
  CA_FILE,
  HOME_DIR,
  LOCAL_REPOSITORY,
  NODE_FILE,
  OUTPUT_DIR,
  SOCKET_DIR,
  WORKSPACE_DIR,
} from "../sandbox-paths";
import { libraryLinks } from "./host";

export type SandboxFiles = {
  workDir: string;
  homeDir: string;
  tempDir: string;
  outputDir: string;
  socketDir: string;
  /** Holds `passwd`, `group`, `hosts`, `gitconfig` and the file `empty`. */
  etcDir: string;
  agentFile: string;
  nodeFile: string;
  prefixes: readonly string[];
  localRepository: string | null;
  caFile: string | null;
};

/** What programs read in `/etc`, none of it a secret of this machine. */
const PUBLIC_ETC = [
  "alternatives",
  "bash.bashrc",
  "ca-certificates",
  "ca-certificates.conf",
  "debian_version",
  "fonts",
  "inputrc",
  "java-11-openjdk",
  "java-17-openjdk",
  "java-21-openjdk",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "mime.types",
  "nsswitch.conf",
  "os-release",
  "perl",
  "pki/tls/certs",
  "protocols",
  "python3",
  "python3.11",
  "python3.12",
  "python3.13",
  "services",
  "ssl/certs",
  "ssl/openssl.cnf",
  "terminfo",
  "timezone",
];

/** Global npm settings below `/usr` may hold registry tokens. */
const MASKED = ["/usr/etc/npmrc", "/usr/local/etc/npmrc"];

/** Everything before the command. `infoFd` gets the child's pid; the child waits until `blockFd` can be read. */
export function bwrapArguments(files: SandboxFiles, fds: { infoFd: number; blockFd: number }): string[] {
  return [
    ...namespaces,
    ...["--info-fd", String(fds.infoFd), "--block-fd", String(fds.blockFd)],
    ...["--ro-bind", "/usr", "/usr"],
    ...libraryLinks(),
    ...MASKED.filter((path) => existsSync(path)).flatMap((path) => ["--ro-bind", `${files.etcDir}/empty`, path]),
    ...etcArguments(files.etcDir),
    ...procArguments(),
    ...["--dev", "/dev", "--tmpfs", "/run", "--tmpfs", "/var"],
    ...["--bind", files.tempDir, "/tmp", "--symlink", "../tmp", "/var/tmp"],
    ...["--bind", files.workDir, WORKSPACE_DIR, "--bind", files.homeDir, HOME_DIR],
    ...["--bind", files.outputDir, OUTPUT_DIR, "--ro-bind", files.socketDir, SOCKET_DIR],
    ...["--ro-bind", files.agentFile, AGENT_FILE, "--ro-bind", files.nodeFile, NODE_FILE],
    ...files.prefixes.flatMap((prefix) => ["--ro-bind", prefix, prefix]),
    ...(files.localRepository ? ["--ro-bind", files.localRepository, LOCAL_REPOSITORY] : []),
    ...(files.caFile ? ["--ro-bind", files.caFile, CA_FILE] : []),
    // The root itself: nothing may be made beside what is bound.
    ...["--remount-ro", "/", "--remount-ro", "/run", "--remount-ro", "/var"],
    ...["--chdir", WORKSPACE_DIR],
  ];
}

/** No `--die-with-parent`: a sandbox outlives the server. `--disable-userns`: nothing inside becomes root of anything. */
const namespaces = [
  ...["--unshare-user", "--uid", "1000", "--gid", "1000", "--disable-userns"],
  ...["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
  ...["--hostname", "slipway", "--cap-drop", "ALL", "--clearenv"],
];

/**
 * Below a server that runs as root, the sandbox's user is root's number outside: the kernel lets it write settings of
 * the whole machine although it holds no capability. So they are read-only, and what tells of the machine is covered.
 */
const READ_ONLY_PROC = ["sys", "pressure", "tty", "sysvipc"];
const HIDDEN_PROC_FOLDERS = ["acpi", "asound", "bus", "driver", "dynamic_debug", "fs", "irq", "scsi"];
const HIDDEN_PROC_FILES = [
  "config.gz",
  "iomem",
  "ioports",
  "kallsyms",
  "kcore",
  "key-users",
  "keys",
  "kmsg",
  "kpagecgroup",
  "kpagecount",
  "kpageflags",
  "latency_stats",
  "mtrr",
  "pagetypeinfo",
  "sched_debug",
  "slabinfo",
  "sysrq-trigger",
  "timer_list",
  "vmallocinfo",
];

function procArguments(): string[] {
  const existing = (names: string[]) => names.map((name) => `/proc/${name}`).filter((path) => existsSync(path));
  return [
    ...["--proc", "/proc"],
    ...existing(READ_ONLY_PROC).flatMap((path) => ["--ro-bind", path, path]),
    ...existing(HIDDEN_PROC_FOLDERS).flatMap((path) => ["--tmpfs", path, "--remount-ro", path]),
    ...existing(HIDDEN_PROC_FILES).flatMap((path) => ["--ro-bind", "/dev/null", path]),
  ];
}

function etcArguments(etcDir: string): string[] {
  const shared = PUBLIC_ETC.map((name) => `/etc/${name}`).filter((path) => existsSync(path));
  const own = ["passwd", "group", "hosts", "gitconfig"].map((name) => [`${etcDir}/${name}`, `/etc/${name}`]);
  return [...shared.map((path) => [path, path]), ...own].flatMap(([from, to]) => ["--ro-bind", from!, to!]);
}
