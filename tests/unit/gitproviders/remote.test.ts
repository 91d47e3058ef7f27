import { expect, test } from "vitest";
import { apiBaseUrlOf, webUrlOf } from "@/lib/gitproviders/addresses";
import { parseRemote, repositoryKey } from "@/lib/gitproviders/remote";

test.each([
  "https://github.com/acme/app",
  "https://github.com/acme/app.git",
  "https://github.com/acme/app/",
  "https://GitHub.com/acme/app.git/",
  "https://someone@github.com/acme/app.git",
  "https://someone:secret@github.com/acme/app",
  "https://github.com:443/acme/app",
  "http://github.com/acme/app",
  "ssh://git@github.com/acme/app.git",
  "ssh://git@github.com:22/acme/app.git",
  "ssh://github.com/acme/app",
  "git+ssh://git@github.com/acme/app",
  "git://github.com/acme/app.git",
  "git@github.com:acme/app.git",
  "git@github.com:/acme/app.git",
  "github.com:acme/app",
  "  git@github.com:acme/app  ",
])("%s names acme/app on github.com", (remote) => {
  expect(parseRemote(remote)).toEqual({ host: "github.com", owner: "acme", name: "app" });
});

test("an http port is part of the host, an ssh port is not, and the key has no host", () => {
  expect(parseRemote("https://git.acme.test:8443/team/app")?.host).toBe("git.acme.test:8443");
  expect(parseRemote("ssh://git@git.acme.test:2222/team/app")?.host).toBe("git.acme.test");
  expect(repositoryKey("https://git.acme.test:8443/Team/App.git")).toBe("team/app");
  expect(repositoryKey("ssh://git@git.acme.test:2222/team/app")).toBe("team/app");
});

test("an owner may be several groups", () => {
  expect(parseRemote("git@gitlab.com:group/sub/app.git")).toEqual({
    host: "gitlab.com",
    owner: "group/sub",
    name: "app",
  });
});

test.each([
  "",
  "not a remote",
  "/srv/git/app.git",
  "../app",
  "file:///srv/git/app.git",
  "https://github.com",
  "https://github.com/acme",
  "https://github.com/../app",
  "https://github.com/acme/..",
  "ftp://github.com/acme/app",
  "https:///acme/app",
  "git@github.com:",
  "ext::sh -c true",
  "https://github.com/acme/a\u0000pp",
  "git@github.com:acme/app\nHost: evil",
  `https://github.com/acme/${"x".repeat(3_000)}`,
])("%j names no repository", (remote) => {
  expect(parseRemote(remote)).toBeUndefined();
  expect(repositoryKey(remote)).toBe("");
});

test.each([
  ["https://api.github.com", "https://github.com"],
  ["https://git.acme.test/api/v3", "https://git.acme.test"],
  ["https://git.acme.test:8443/api/v3", "https://git.acme.test:8443"],
  ["https://api.acme.ghe.com", "https://acme.ghe.com"],
  ["https://gitlab.com/api/v4", "https://gitlab.com"],
  ["https://code.acme.test/git/api/v1", "https://code.acme.test/git"],
])("the pages of %s are at %s", (api, web) => {
  expect(webUrlOf(api)).toBe(web);
});

test("an interface has a default and no trailing slash", () => {
  expect(apiBaseUrlOf("github")).toBe("https://api.github.com");
  expect(apiBaseUrlOf("github", "https://git.acme.test/api/v3/")).toBe("https://git.acme.test/api/v3");
});
