import { describe, expect, test } from "vitest";
import { hostsError, isSameTemplate, splitHosts, toBody, toFields } from "@/components/admin/templates/template-form";
import { describeBrowser } from "@/components/admin/users/describe-browser";
import { ApiError } from "@/lib/contract/errors";
import { createTemplateSchema } from "@/lib/contract/workspaces";

describe("the template form", () => {
  const fields = {
    ...toFields(null),
    name: " Node ",
    allowedHosts: "example.com\n*.example.org, 192.0.2.7\nexample.com",
  };

  test("sends what was typed, once each, and leaves out what is empty", () => {
    expect(JSON.parse(JSON.stringify(toBody(fields, true)))).toEqual({
      name: "Node",
      description: "",
      driver: "local",
      config: { allowed_hosts: ["example.com", "*.example.org", "192.0.2.7"] },
    });
    expect(createTemplateSchema.safeParse(toBody(fields, true)).success).toBe(true);
  });

  test("reads numbers with separators and sends anything else as typed", () => {
    const { config } = toBody({ ...fields, memoryMb: "8,192", maxProcesses: "some" }, false) as { config: object };
    expect(config).toMatchObject({ memory_mb: 8192, max_processes: "some" });
  });

  test("keeps git's rules as they were, and sends only those that differ from the usual", () => {
    const config = {
      push: { branch_prefix: "", allow_tags: true },
      commit_author: "slipway" as const,
      pull_request_feedback: true,
    };
    const stored = { id: "t", name: "x", description: "", driver: "local" as const, enabled: true, config };
    expect(JSON.parse(JSON.stringify((toBody(toFields(stored), false) as { config: object }).config))).toEqual(config);
    const changed = { ...fields, branchPrefix: " bots/ ", allowDefaultBranch: true };
    const body = JSON.parse(JSON.stringify(toBody(changed, true)));
    expect(body.config.push).toEqual({ branch_prefix: "bots/", allow_default_branch: true });
    expect(createTemplateSchema.safeParse(body).success).toBe(true);
  });

  test("knows what it has not changed", () => {
    expect(isSameTemplate(fields, { ...fields })).toBe(true);
    expect(isSameTemplate(fields, { ...fields, branch: "main" })).toBe(false);
  });

  test("names the host that the server refused", () => {
    const error = new ApiError("bad_request", "", {
      validations: [{ field: "config.allowed_hosts.1", detail: "Not a host." }],
    });
    expect(hostsError(error, splitHosts("a.example https://b.example/"))).toBe(
      "“https://b.example/” is not allowed here. Not a host.",
    );
  });
});

test.each([
  ["example.com", true],
  ["*.example.com", true],
  ["localhost", true],
  ["192.0.2.7", true],
  ["2001:db8::1", true],
  ["my_host.internal", true],
  ["https://example.com", false],
  ["example.com:443", false],
  ["example.com/path", false],
  ["*", false],
  ["a.*.com", false],
  ["-bad.example", false],
  ["two words", false],
])("an allow-list takes %s: %s", (host, isTaken) => {
  const body = { name: "x", config: { allowed_hosts: [host] } };
  expect(createTemplateSchema.safeParse(body).success).toBe(isTaken);
});

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
    "Safari on macOS",
  ],
  ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit CriOS/140 Mobile Safari/604.1",
    "Chrome on iPhone",
  ],
  ["curl/8.5.0", "curl/8.5.0"],
  ["", "Unknown browser"],
])("%s is %s", (userAgent, name) => {
  expect(describeBrowser(userAgent)).toBe(name);
});
