import { afterEach, expect, test, vi } from "vitest";
import { copyText } from "@/components/ui/copy-text";

afterEach(() => vi.unstubAllGlobals());

/** A page on plain http: no `navigator.clipboard`; `execCommand` asks whoever listens what to copy. */
function plainPage({ allows }: { allows: boolean }) {
  const clipboard = { text: "" };
  const listeners = new Set<(event: ClipboardEvent) => void>();
  const event = {
    preventDefault() {},
    stopPropagation() {},
    clipboardData: { setData: (_type: string, text: string) => (clipboard.text = text) },
  };
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("document", {
    createElement: () => ({ style: {}, remove() {} }),
    body: { append() {} },
    getSelection: () => ({ selectAllChildren() {}, removeAllRanges() {} }),
    addEventListener: (_name: string, listener: (event: ClipboardEvent) => void) => listeners.add(listener),
    removeEventListener: (_name: string, listener: (event: ClipboardEvent) => void) => listeners.delete(listener),
    execCommand: () => {
      if (allows) for (const listener of listeners) listener(event as unknown as ClipboardEvent);
      return allows;
    },
  });
  return { clipboard, listeners };
}

test("a page on plain http copies too, as it was written, and leaves nothing behind", async () => {
  const { clipboard, listeners } = plainPage({ allows: true });
  await copyText("npm test\n  --watch");
  expect(clipboard.text).toBe("npm test\n  --watch");
  expect(listeners.size).toBe(0);
});

test("what the browser refused to copy is not claimed", async () => {
  const { listeners } = plainPage({ allows: false });
  await expect(copyText("x")).rejects.toThrow();
  expect(listeners.size).toBe(0);
});
