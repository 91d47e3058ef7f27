import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { createTestWorkspaces } from "../support/workspaces";

const seen: string[] = [];
const upstream = createServer((request, response) => {
  seen.push(`${request.headers.host}${request.url} ${request.headers["proxy-authorization"] ?? ""}`);
  response.end("from outside\n");
});
await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
afterAll(() => void upstream.close());
const { port } = upstream.address() as AddressInfo;
const PUBLIC = "93.184.215.14";
const names: Record<string, string[]> = {
  "allowed.example": [PUBLIC],
  "deep.sub.wild.example": [PUBLIC],
  "wild.example": [PUBLIC],
  "rebind.example": ["127.0.0.1"],
  "mapped.example": ["::ffff:169.254.169.254"],
  "metadata.example": ["169.254.169.254"],
  "listed.example": ["10.1.2.3"],
};
const resolved: string[] = [];
const workspaces = await createTestWorkspaces({
  network: {
    resolve: async (host) => {
      resolved.push(host);
      const addresses = names[host];
      if (!addresses) throw new Error("ENOTFOUND");
      return addresses;
    },
    dial: () => ({ host: "127.0.0.1", port }),
  },
});
const templateId = await workspaces.insertTemplate({
  allowed_hosts: [
    "allowed.example",
    "*.wild.example",
    "rebind.example",
    "mapped.example",
    "metadata.example",
    "unknown.example",
    "listed.example",
    "10.1.2.3",
  ],
});
const workspaceId = await workspaces.open({ templateId });
const execute = async (command: string) =>
  (await workspaces.call(workspaceId, "execute", { command, timeout: "20s" })).result;
const curl = (url: string) => execute(`curl -sS -m 10 ${url} 2>&1`);

test("an allowed host answers, by tunnel and by plain http, and learns no proxy name", async () => {
  expect((await curl("http://allowed.example/x")).output).toBe("from outside\n");
  // The tunnel itself is what is tested: TLS is not ended by anybody here.
  expect((await execute("curl -sS -m 10 -p http://allowed.example:443/y")).output).toBe("from outside\n");
  expect((await curl("http://deep.sub.wild.example/")).output).toBe("from outside\n");
  expect((await curl("http://listed.example/")).output).toBe("from outside\n");
  expect(seen[0]).toBe("allowed.example/x ");
});

test("node's own fetch goes through the proxy where the person's Node can", async () => {
  const { output } = await execute(
    `node -e "process.versions.node.split('.')[0] < 24 ? console.log('from outside') : fetch('http://allowed.example/f').then(r => r.text()).then(t => console.log(t.trim()))"`,
  );
  expect(output).toBe("from outside\n");
});

test("everything else is refused, shown in the result and recorded", async () => {
  const live: string[] = [];
  const { result } = await workspaces.call(
    workspaceId,
    "execute",
    { command: "curl -sS http://evil.example/ 2>&1; sleep 0.1" },
    { onOutput: (delta) => live.push(delta) },
  );
  expect(result.refused_hosts).toEqual(["evil.example:80"]);
  expect(result.output).toContain("Slipway refused evil.example:80");
  expect(live.join("")).toContain("[slipway] refused evil.example:80");
  const rows = await workspaces.sql`SELECT host, port, reason FROM egress_refusals WHERE workspace_id = ${workspaceId}`;
  expect(rows).toContainEqual({ host: "evil.example", port: 80, reason: "the host is not on the workspace's list" });
  expect(resolved).not.toContain("evil.example");
});

test("a refusal reaches only the command that asked", async () => {
  const [asked, bystander] = await Promise.all([
    execute("curl -sS -p https://other.example/ 2>&1; sleep 0.2"),
    execute("sleep 0.4; echo quiet"),
  ]);
  expect(asked.refused_hosts).toEqual(["other.example:443"]);
  expect(bystander.refused_hosts).toBeUndefined();
});

test("names that lead to private addresses are refused, listed or not", async () => {
  for (const host of ["rebind.example", "mapped.example", "metadata.example", "unknown.example"]) {
    const { refused_hosts } = await curl(`http://${host}/`);
    expect(refused_hosts, host).toEqual([`${host}:80`]);
  }
});

test("addresses, other ports, the name above a wildcard and odd forms are refused", async () => {
  for (const url of [
    "http://127.0.0.1.nip.example/",
    "http://169.254.169.254/latest/meta-data",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://[::ffff:127.0.0.1]/",
    "http://wild.example/",
    "http://allowed.example:8080/",
    "https://allowed.example:22/",
    "http://allowed.example.evil.example/",
  ]) {
    const result = await execute(`curl -sS --noproxy '' -m 5 '${url}' 2>&1`);
    expect(result.output, url).not.toContain("from outside");
    expect(result.refused_hosts?.length, url).toBe(1);
  }
});

test("without the proxy there is no network and no name", async () => {
  const { output } = await execute(
    "curl -sS --noproxy '*' -m 5 http://allowed.example/ 2>&1; curl -sS --noproxy '*' -m 5 http://93.184.215.14/ 2>&1",
  );
  expect(output).toMatch(/Could not resolve host/);
  expect(output).not.toContain("from outside");
});

test("a request that is none ends nothing", async () => {
  await execute(
    `node -e "const s=require('net').connect(42128,'127.0.0.1');s.write('GARBAGE\\r\\n\\r\\n');s.on('close',()=>{}).on('error',()=>{})"`,
  );
  await execute(
    `node -e "const s=require('net').connect(42128,'127.0.0.1');s.write('CONNECT a@b HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n');s.on('data',d=>{console.log(''+d);s.destroy()})"`,
  );
  expect((await curl("http://allowed.example/again")).output).toBe("from outside\n");
});
