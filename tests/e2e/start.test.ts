import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
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
