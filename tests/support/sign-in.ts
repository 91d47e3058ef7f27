/** Signing in to the running product, in a page and past it. */
import type { Page } from "playwright";
import { createSql } from "@/db/connect";
import { prepareSocketDirectory } from "@/lib/socket-directory";
import { ADMINISTRATOR, type Product } from "./product";

/** Signs the preset administrator in and opens `path`. */
export async function signIn(page: Page, product: Product, path = "/agents"): Promise<void> {
  await page.goto(`${product.url}/sign-in?next=${encodeURIComponent(path)}`);
  await page.getByLabel("Email").fill(ADMINISTRATOR.email);
  await page.getByLabel("Password").fill(ADMINISTRATOR.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname + url.search === path);
}

/** The administrator's own requests, with a token. @throws Error for a failed answer. */
export function createAdministrator(product: Product) {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${product.url}/api/experimental${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMINISTRATOR.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
}

/** The product's own embedded database, for rows that no request makes. The caller ends it. */
export async function openProductDatabase(product: Product) {
  const directory = await prepareSocketDirectory({ dataDir: product.dataDir, purpose: "postgres" });
  const address = { kind: "socket" as const, directory, port: 5432, user: "slipway", database: "slipway" };
  return createSql(address, { max: 2 });
}
