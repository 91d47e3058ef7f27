/** The page with every component in every state: for those who develop, and for nobody else. */
import { afterAll, expect, test } from "vitest";
import { startProduct } from "../support/product";

const product = await startProduct();
afterAll(() => product.stop());

test("a production build has no gallery", async () => {
  expect((await fetch(`${product.url}/dev/gallery`)).status).toBe(404);
});
