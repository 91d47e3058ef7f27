import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase, toDatabaseUrl } from "../support/database";
import { ADMINISTRATOR, startProduct } from "../support/product";
import { createTemporaryDirectory } from "../support/temporary-directory";

const dataDir = await createTemporaryDirectory();
const withToken = { headers: { authorization: `Bearer ${ADMINISTRATOR.token}` } };

test("a first start prints one ready line and a setup link that is open once", async () => {
  const product = await startProduct({ isFirstRun: true });
  expect(product.output().match(/^Slipway is ready at http:\/\/127\.0\.0\.1:\d+$/gm)).toHaveLength(1);
  const token = /\/setup\?token=(\S+)/.exec(product.output())?.[1];
  const claim = () =>
    fetch(`${product.url}/api/auth/setup`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        setup_token: token,
        email: ADMINISTRATOR.email,
        username: "ada",
        password: ADMINISTRATOR.password,
      }),
    });
  expect((await claim()).status).toBe(201);
  expect((await claim()).status).toBe(401);
  expect(await product.stop()).toBe(0);
});

test("kill -9 of launcher and server loses nothing", async () => {
  const first = await startProduct({ dataDir });
  const created = await fetch(`${first.url}/api/experimental/users`, {
    method: "POST",
    headers: { ...withToken.headers, "content-type": "application/json" },
    body: JSON.stringify({ email: "bob@example.test", username: "bob", password: "a long password" }),
  });
  expect(created.status).toBe(201);
  await first.kill();
  const second = await startProduct({ dataDir });
  const users = await (await fetch(`${second.url}/api/experimental/users`, withToken)).json();
  expect(users).toEqual(expect.arrayContaining([expect.objectContaining({ username: "bob" })]));
  expect(await second.stop()).toBe(0);
});

test("a database that is killed while people write comes back, and the server with it", async () => {
  // Nothing listens on port 9: agents wait and ask again, which writes as well.
  const env = { ANTHROPIC_API_KEY: "sk-ant-none", ANTHROPIC_BASE_URL: "http://127.0.0.1:9/v1" };
  const product = await startProduct({ env });
  const headers = { ...withToken.headers, "content-type": "application/json" };
  const body = JSON.stringify({ content: [{ type: "text", text: "Write." }] });
  const create = () =>
    fetch(`${product.url}/api/experimental/chats`, { method: "POST", headers, body }).then(({ status }) => status);
  const postmaster = async () =>
    Number((await readFile(join(product.dataDir, "postgres/postmaster.pid"), "utf8")).split("\n", 1)[0]);
  for (let round = 0; round < 2; round += 1) {
    const answers = Array.from({ length: 40 }, create);
    await Promise.race(answers);
    process.kill(await postmaster(), "SIGKILL");
    // Each request ends, with its result or an error of ours.
    for (const status of await Promise.all(answers)) expect([201, 500, 503]).toContain(status);
    const health = () => fetch(`${product.url}/api/health`).then((response) => response.status);
    await expect.poll(health, { timeout: 20_000 }).toBe(200);
  }
  expect(product.output()).not.toContain("uncaught exception");
  expect(await product.stop()).toBe(0);
});

test("the generated key is private, and another key is refused", async () => {
  const path = join(dataDir, "secret.key");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(Buffer.from(await readFile(path, "utf8"), "base64")).toHaveLength(32);
  const otherKey = Buffer.alloc(32, 7).toString("base64");
  await expect(startProduct({ dataDir, env: { SLIPWAY_SECRET_KEY: otherKey } })).rejects.toThrow(
    "SLIPWAY_SECRET_KEY is not the key this database was made with",
  );
});

test("a second start on the same data directory or port is refused", async () => {
  const product = await startProduct({ dataDir });
  await expect(startProduct({ dataDir })).rejects.toThrow(/Another Slipway \(process \d+\) uses/);
  const { port } = new URL(product.url);
  await expect(startProduct({ env: { PORT: port } })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  await product.stop();
});

test("every bad variable is named in one line, without its value", async () => {
  const start = startProduct({ env: { PORT: "many", SLIPWAY_SECRET_KEY: "tooshort", LOG_LEVEL: "loud" } });
  const error = await start.catch((reason: Error) => reason);
  const line = String(error)
    .split("\n")
    .find((text) => text.startsWith("Bad environment"));
  expect(line).toMatch(/PORT.*SLIPWAY_SECRET_KEY.*LOG_LEVEL/);
  expect(line).not.toContain("tooshort");
});

test("an unreachable database is named", async () => {
  const start = startProduct({ env: { DATABASE_URL: "postgres://nobody:secret@127.0.0.1:1/none" } });
  const error = String(await start.catch((reason: Error) => reason));
  expect(error).toContain("DATABASE_URL: the database cannot be reached");
  expect(error).not.toContain("secret@");
});

test("a database that is too old is named, with the version it must have", async () => {
  const { address, sql } = await createTestDatabase({ template: "empty" });
  // What an old server would answer: ours is found before PostgreSQL's own.
  await sql`CREATE FUNCTION public.current_setting(name text) RETURNS text LANGUAGE sql AS
    $$ SELECT CASE name WHEN 'server_version_num' THEN '140010' ELSE '14.10' END $$`;
  await sql.unsafe(
    `ALTER DATABASE ${address.kind === "socket" ? address.database : ""} SET search_path = public, pg_catalog`,
  );
  const error = await startProduct({ env: { DATABASE_URL: toDatabaseUrl(address) } }).catch(String);
  expect(lastLine(error)).toBe("DATABASE_URL is PostgreSQL 14.10; 15 or later is needed.");
});

test("a data directory of another major is refused with the way out", async () => {
  await writeFile(join(dataDir, "postgres/PG_VERSION"), "17\n");
  const error = await startProduct({ dataDir }).catch(String);
  expect(lastLine(error)).toMatch(
    /belongs to PostgreSQL 17; .* PostgreSQL 18\. .*slipway -- backup .*slipway -- restore/,
  );
});

test.each([4, 40])("a disk of %i MB is named as full, and nothing hangs", async (sizeMb) => {
  const disk = await createTemporaryDirectory();
  const mount = `mount -t tmpfs -o size=${sizeMb}m tmpfs "$0" && exec "$@"`;
  const inside = [
    "unshare",
    ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]),
    "--mount",
    "sh",
    "-c",
    mount,
    disk,
  ];
  const error = await startProduct({ dataDir: join(disk, "data"), wrapper: inside }).catch(String);
  expect(lastLine(error)).toMatch(/No space left on device|disk is full/);
});

/** What a person sees at the end. */
const lastLine = (output: unknown): string => String(output).trimEnd().split("\n").at(-1) ?? "";
