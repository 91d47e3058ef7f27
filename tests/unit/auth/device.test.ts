import { expect, test } from "vitest";
import { openDevice, sealDevice } from "@/lib/auth/device";
import { createSecretBox } from "@/lib/secret-box";

const secrets = createSecretBox(Buffer.alloc(32, 1));

test("a device is known for its account only, in any case", () => {
  const cookie = sealDevice(secrets, { email: "Ada@example.test" });
  const device = openDevice(secrets, { cookie, email: "ada@example.test" });
  expect(device).toBeTypeOf("string");
  expect(openDevice(secrets, { cookie, email: "ADA@example.test" })).toBe(device);
  expect(openDevice(secrets, { cookie, email: "eve@example.test" })).toBeUndefined();
  expect(cookie).not.toContain("ada");
});

test("two browsers of one person are two devices", () => {
  const keys = [1, 2].map(() =>
    openDevice(secrets, { cookie: sealDevice(secrets, { email: "a@b.test" }), email: "a@b.test" }),
  );
  expect(keys[0]).not.toBe(keys[1]);
});

test("a forged, foreign or missing cookie is a stranger's", () => {
  const other = createSecretBox(Buffer.alloc(32, 2));
  const cookies = ["", "x", "v1.AAAA", "v2.AAAA", sealDevice(other, { email: "a@b.test" }), undefined];
  for (const cookie of cookies) expect(openDevice(secrets, { cookie, email: "a@b.test" })).toBeUndefined();
});
