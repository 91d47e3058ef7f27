/** The pages of settings and administration: what they do, how they look, and that everybody can use them. */
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Chat } from "@/lib/contract/chats";
import { violations } from "../support/axe";
import { createTestBrowser, PHONE } from "../support/browser";
import { ADMINISTRATOR, startProduct } from "../support/product";
import { createAdministrator, signIn } from "../support/sign-in";
import { startSshGitServer } from "../support/ssh-git-server";

const browser = await createTestBrowser();
const product = await startProduct();
const ssh = await startSshGitServer();
const call = createAdministrator(product);
const page: Page = await browser.open();
let chat: Chat;
afterAll(() => product.stop());

const row = (text: string) => page.getByRole("row").filter({ hasText: text });
const panel = () => page.getByRole("complementary").last();

beforeAll(async () => {
  const provider = await call<{ id: string }>("POST", "/chats/providers", {
    provider: "openai-compat",
    base_url: "http://127.0.0.1:9/v1",
  });
  await call("POST", "/chats/model-configs", { provider_id: provider.id, model: "absent" });
  chat = await call<Chat>("POST", "/chats", { content: "Wait.", title: "A chat that rests" });
  await call<Chat>("POST", `/chats/${chat.id}/interrupt`);
  await signIn(page, product, "/admin/templates");
});

test("a template is added, refused for a bad host in the server's words, changed, disabled and deleted", async () => {
  await page.getByRole("button", { name: "Add template" }).click();
  await page.getByLabel("Name").fill("Node service");
  await page.getByLabel("Allowed hosts").fill("example.com\nhttps://example.org");
  await page.getByLabel("Memory").fill("8,192");
  await panel().getByRole("button", { name: "Add template" }).click();
  await page.getByText("“https://example.org” is not allowed here.").waitFor();
  await browser.picture(page, "admin-templates-refused");
  await page.getByLabel("Allowed hosts").fill("example.com\n*.example.org");
  await panel().getByRole("button", { name: "Add template" }).click();
  await row("Node service").getByText("8 GB").waitFor();

  await page.getByRole("switch", { name: "Node service enabled" }).click();
  await expect.poll(async () => (await templates()).find(({ name }) => name === "Node service")?.enabled).toBe(false);

  await row("Node service").click();
  await panel().getByRole("button", { name: "Delete template" }).click();
  await page.getByText("its list of 2 allowed hosts").waitFor();
  await browser.picture(page, "admin-templates-delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete template" }).click();
  await row("Node service").waitFor({ state: "detached" });
});

test("what is typed is not thrown away without a question", async () => {
  await row("Local sandbox").click();
  await page.getByLabel("Description").fill("Changed");
  await panel().focus();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Keep editing" }).click();
  expect(await page.getByLabel("Description").inputValue()).toBe("Changed");
  await page.getByRole("link", { name: "Users" }).click();
  await page.getByRole("button", { name: "Discard changes" }).click();
  await page.waitForURL("**/admin/users");
});

test("a user is added, found, made an administrator, signed out and suspended", async () => {
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByLabel("Email").fill("grace@example.test");
  await page.getByLabel("Username").fill("grace hopper");
  await page.getByLabel("First password").fill("long enough");
  await page.getByRole("dialog").getByRole("button", { name: "Add user" }).click();
  await page.getByText("1 to 39 letters").waitFor();
  await browser.picture(page, "admin-users-refused");
  await page.getByLabel("Username").fill("grace");
  await page.getByRole("dialog").getByRole("button", { name: "Add user" }).click();
  await row("grace@example.test").waitFor();

  const graces = await browser.open();
  await graces.goto(`${product.url}/sign-in`);
  await graces.getByLabel("Email").fill("grace@example.test");
  await graces.getByLabel("Password").fill("long enough");
  await graces.getByRole("button", { name: "Sign in" }).click();
  await graces.waitForURL("**/agents");

  await page.getByLabel("Search users").fill("nobody-at-all");
  await page.getByText("Nobody matches").waitFor();
  await page.getByLabel("Search users").fill("GRACE");
  await row("grace@example.test").click();
  await page.getByRole("button", { name: /^Sign out Chrome on/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await page.getByText("Not signed in anywhere.").waitFor();
  await graces.goto(`${product.url}/agents`);
  expect(new URL(graces.url()).pathname).toBe("/sign-in");

  await panel().getByRole("radio", { name: "Administrator" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make administrator" }).click();
  await row("grace@example.test").getByText("Administrator").waitFor();
  await panel().getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await row("grace@example.test").getByText("Suspended").waitFor();
  await browser.picture(page, "admin-users");
});

test("the last administrator cannot be locked out, and the page says why", async () => {
  await page.getByLabel("Search users").fill(ADMINISTRATOR.email);
  await row(ADMINISTRATOR.email).click();
  await panel().getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await page.getByText("This is the last administrator.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
});

test("a model's options are set and refused field by field", async () => {
  await page.goto(`${product.url}/admin/models`);
  await row("absent").click();
  await page.getByLabel("Temperature").fill("9");
  await page.getByLabel("Longest answer").fill("8,000");
  await panel().getByRole("button", { name: "Save" }).click();
  await page.locator("[aria-invalid]").waitFor();
  await page.getByLabel("Temperature").fill("0.7");
  await panel().getByRole("button", { name: "Save" }).click();
  await panel().getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
  const [config] = await call<{ options: unknown }[]>("GET", "/chats/model-configs");
  expect(config?.options).toEqual({ max_output_tokens: 8_000, temperature: 0.7 });
});

test("an SSH key is made for a host, tested there, and removed", async () => {
  const host = `127.0.0.1:${ssh.port}`;
  await page.goto(`${product.url}/settings/git`);
  await page.getByRole("button", { name: "Add SSH key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Host").fill("ssh://git.example.com");
  await dialog.getByRole("button", { name: "Add key" }).click();
  await dialog.getByText("Must be the name of a host").waitFor();
  await dialog.getByLabel("Host").fill(host);
  await dialog.getByLabel("User name").fill(ssh.username);
  await dialog.getByRole("button", { name: "Add key" }).click();
  const card = page.getByRole("region", { name: `SSH key for ${host}` });
  const publicKey = await card.getByRole("textbox", { name: "Public key" }).inputValue();
  await card.getByRole("button", { name: "Test" }).click();
  await card.getByText("did not accept your SSH key").waitFor();
  ssh.accept(publicKey);
  await card.getByRole("button", { name: "Test" }).click();
  await card.getByText(`${host} accepts the key. Hi, ada.`).waitFor();
  await card.getByText(/SHA256:/).waitFor();
  await browser.picture(page, "settings-ssh-key", { isWhole: true });
  await card.getByRole("button", { name: "Remove" }).click();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await page.getByText("No SSH keys").waitFor();
  await call("POST", "/ssh-keys", { host: "git.of-a-department-with-a-long-name.example.com" });
});

test("a built product that nobody asked for it has no gallery", async () => {
  expect((await fetch(`${product.url}/dev/gallery`)).status).toBe(404);
});

test("every page passes the rules of accessibility, in both themes and on a phone, and has no sideways scroll", async () => {
  const paths = [
    "/agents",
    `/agents/${chat.id}`,
    "/settings",
    "/settings/agents",
    "/settings/tokens",
    "/settings/git",
    "/admin/instructions",
    "/admin/models",
    "/admin/templates",
    "/admin/users",
  ];
  const looks = [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["phone", PHONE],
  ] as const;
  const found: string[] = [];
  for (const [look, options] of looks) {
    const reader = await browser.open({ ...options, reducedMotion: "reduce", like: page });
    for (const path of paths) {
      await reader.goto(product.url + path);
      await reader.getByRole("main").waitFor();
      // The page itself: its loading state has no heading of its own.
      await reader.getByRole("heading", { level: 1 }).filter({ visible: true }).first().waitFor();
      if (path.startsWith("/admin") && path !== "/admin/instructions") await openFirstRow(reader);
      found.push(...(await violations(reader)).map((violation) => `${look} ${path}: ${violation}`));
      const overflow = await reader.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) found.push(`${look} ${path}: ${overflow} px too wide`);
      await browser.picture(reader, `page-${look}${path.replace(chat.id, "chat").replaceAll("/", "-")}`);
    }
    await reader.context().close();
    const stranger = await browser.open({ ...options, reducedMotion: "reduce" });
    await stranger.goto(`${product.url}/sign-in`);
    found.push(...(await violations(stranger)).map((violation) => `${look} /sign-in: ${violation}`));
    await stranger.context().close();
  }
  expect(found).toEqual([]);
});

test("22: on a phone with a notch whatever leads back or closes stands below it", async () => {
  const notchPx = 47;
  const reader = await browser.open({ ...PHONE, reducedMotion: "reduce", like: page });
  const devtools = await reader.context().newCDPSession(reader);
  await devtools.send("Emulation.setSafeAreaInsetsOverride", { insets: { top: notchPx, bottom: 34 } });
  for (const path of ["/agents", `/agents/${chat.id}`, "/settings", "/admin/users"]) {
    await reader.goto(product.url + path);
    await reader.getByRole("heading", { level: 1 }).filter({ visible: true }).first().waitFor();
    if (path === "/admin/users") await openFirstRow(reader);
    if (path === "/agents") {
      await reader.getByRole("button", { name: "Search" }).click();
      await reader.getByRole("button", { name: "Close search" }).waitFor();
      await browser.picture(reader, "notch-search");
      expect((await reader.getByRole("button", { name: "Close search" }).boundingBox())?.y).toBeGreaterThan(notchPx);
      await reader.keyboard.press("Escape");
    }
    const covered = await reader.evaluate((top) => {
      const targets = [...document.querySelectorAll("a[href], button, input, [tabindex='0']")];
      return targets
        .filter((target) => target.checkVisibility() && target.matches(":not([aria-hidden=true] *)"))
        .filter((target) => {
          const box = target.getBoundingClientRect();
          const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
          const isOnTop = target.contains(document.elementFromPoint(x, y));
          return isOnTop && box.top < top;
        })
        .map((target) => target.outerHTML.slice(0, 120));
    }, notchPx);
    expect(covered, path).toEqual([]);
    const height = await reader.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    if (path !== "/agents") expect(height, path).toBeLessThanOrEqual(0);
    await browser.picture(reader, `notch${path.replace(chat.id, "chat").replaceAll("/", "-")}`);
  }
  await reader.context().close();
});

async function openFirstRow(reader: Page) {
  await reader.locator("tbody td button[aria-expanded]").first().click();
  await reader.getByRole("button", { name: "Close" }).waitFor();
}

const templates = () => call<{ name: string; enabled: boolean }[]>("GET", "/templates");
