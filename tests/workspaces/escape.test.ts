import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createTestWorkspaces } from "../support/workspaces";

const SECRET = "canary-5f1b2c";
process.env.CANARY = SECRET;
const workspaces = await createTestWorkspaces();
const workspaceId = await workspaces.open();
const otherId = await workspaces.open();
const sh = async (command: string) => {
  const { result } = await workspaces.call(workspaceId, "execute", { command, timeout: "20s" });
  return result as { output: string; exit_code: number };
};

const listen = async (address: string | { host: string; port: number }) => {
  const server = createServer((socket) => socket.end(SECRET));
  server.listen(address);
  await new Promise((resolve) => server.once("listening", resolve));
  afterAll(() => void server.close());
  return server.address();
};
const port = ((await listen({ host: "127.0.0.1", port: 0 })) as { port: number }).port;
await listen("\0slipway-escape-test");
mkdirSync(join(workspaces.dataDir, "keys"), { recursive: true });
writeFileSync(join(workspaces.dataDir, "keys", "secret"), SECRET);

test("the environment of the server is nowhere", async () => {
  const { output } = await sh(
    "env; cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'; tr '\\0' ' ' < /proc/1/environ",
  );
  expect(output).not.toContain(SECRET);
  expect(output).not.toContain("VITEST");
  expect(output).toContain("SLIPWAY_PROCESS_ID");
});

test("files of the server, of its user and of other workspaces are not there", async () => {
  const paths = [
    "/root",
    "/home/*",
    "/etc/shadow",
    "/etc/gitconfig.d",
    workspaces.dataDir,
    "/work",
    "/var/lib",
    "/srv",
  ];
  for (const path of [...paths, `${workspaces.dataDir}/keys/secret`, `${workspaces.dataDir}/workspaces/${otherId}`]) {
    const { output } = await sh(`ls -A ${path} 2>/dev/null | grep -v '^agent$'`);
    expect(output, path).toBe("");
  }
  expect((await sh(`grep -r ${SECRET} / --include=secret -s -l --exclude-dir=proc --exclude-dir=sys`)).output).toBe("");
});

test("nothing outside the workspace can be written", async () => {
  for (const path of [
    "/x",
    "/usr/x",
    "/etc/x",
    "/bin/x",
    "/run/x",
    "/run/slipway/x",
    "/run/slipway/sockets/x",
    "/var/x",
    "/dev/x/y",
  ]) {
    expect((await sh(`touch ${path} 2>/dev/null`)).exit_code, path).not.toBe(0);
  }
  expect((await sh("touch /tmp/x ~/x x")).exit_code).toBe(0);
});

test("the server's ports and abstract sockets are another network's", async () => {
  const tcp = await sh(
    `node -e "require('net').connect(${port},'127.0.0.1').on('data',d=>console.log(''+d)).on('error',e=>console.log(e.code))"`,
  );
  expect(tcp.output).toBe("ECONNREFUSED\n");
  const abstract = await sh(
    `node -e "require('net').connect('\\0slipway-escape-test').on('data',d=>console.log(''+d)).on('error',e=>console.log(e.code))"`,
  );
  expect(abstract.output).toBe("ECONNREFUSED\n");
  expect(
    (await sh("cat /proc/net/unix | grep slipway-escape; cat /proc/net/dev | tail -n +3 | cut -d: -f1")).output.trim(),
  ).toBe("lo");
});

test("the only sockets are the gateway's two, and the agent's is not one", async () => {
  expect((await sh("find / -xdev -type s 2>/dev/null; find /run/slipway -type s")).output.trim().split("\n")).toEqual([
    "/run/slipway/sockets/proxy.sock",
  ]);
});

test("tools cannot look into the agent, its ledger or its socket", async () => {
  const agent = (await sh("pgrep -f '^/run/slipway/node'")).output.trim();
  expect(agent).toMatch(/^\d+$/);
  for (const name of ["environ", "mem", "maps"]) {
    expect((await sh(`head -c1 /proc/${agent}/${name}`)).output, name).toContain("denied");
  }
  expect(
    (await sh(`readlink /proc/${agent}/fd/3 /proc/${agent}/fd/4 /proc/${agent}/root /proc/${agent}/cwd`)).output,
  ).toBe("");
  expect((await sh("ls -l /proc/1/fd /proc/self/fd; cat /proc/self/mountinfo")).output).not.toMatch(
    /ledger|agent\.sock/,
  );
  expect((await sh(`cat /run/slipway/node > /dev/null`)).output).toContain("denied");
});

test("no process outside is visible, and none can be signalled", async () => {
  const { output } = await sh("ps -eo args --no-headers");
  expect(output).not.toContain("vitest");
  expect((await sh(`kill -0 ${process.pid}`)).exit_code).not.toBe(0);
});

test("no privilege is held and none can be had", async () => {
  expect((await sh("id -u; grep -E 'Cap(Eff|Prm|Bnd)|NoNewPrivs' /proc/self/status")).output).toBe(
    "1000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\n",
  );
  for (const command of [
    "unshare -Ur true",
    "unshare -m true",
    "mount -t tmpfs x /workspace",
    "umount /proc",
    "mount -o remount,rw /usr",
    "chroot / true",
    "mknod /tmp/d b 8 0",
    "su -c true",
    "nsenter -t 1 -m true",
    "sysctl -w kernel.core_pattern=x",
    "sh -c 'echo x > /proc/sys/kernel/core_pattern'",
    "sh -c 'echo x > /proc/sysrq-trigger'",
    "hostname other",
  ]) {
    expect((await sh(`${command} 2>/dev/null`)).exit_code, command).not.toBe(0);
  }
});

test("links to the outside lead nowhere", async () => {
  await sh(
    `ln -s ${workspaces.dataDir}/keys/secret s1; ln -s /proc/1/root/etc/shadow s2; ln -s /proc/self/cwd/../../../root s3`,
  );
  for (const link of ["s1", "s2", "s3/.ssh"]) {
    expect((await sh(`cat ${link} 2>/dev/null`)).output, link).toBe("");
    const read = await workspaces.call(workspaceId, "read_file", { path: link });
    expect(read.is_error, link).toBe(true);
  }
});

test("settings of the machine are read-only, also for a sandbox below root", async () => {
  const { output } = await sh(
    // A covered file is a null device, which may well be written.
    "find /proc -not -path '/proc/[0-9]*' -not -type l -writable 2>/dev/null | while read -r f; do test -c $f || echo $f; done",
  );
  expect(output).toBe("");
  expect((await sh("find / -xdev -type f -writable -not -path '/proc/*' 2>/dev/null")).output).toBe("");
  expect((await sh("cat /proc/kcore /proc/kmsg /proc/keys 2>/dev/null")).output).toBe("");
});

test("control groups and devices are out of reach", async () => {
  expect((await sh("ls /sys/fs/cgroup 2>/dev/null")).output).toBe("");
  expect((await sh("ls /dev")).output.trim().split(/\s+/)).not.toContain("sda");
  expect((await sh("cat /dev/kmsg /dev/mem 2>/dev/null")).output).toBe("");
});
