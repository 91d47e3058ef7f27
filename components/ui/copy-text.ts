/** Puts text on the clipboard. Rejects where the browser refuses. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  if (!copyBySelection(text)) throw new Error("The browser did not copy.");
}

/** Pages on plain http have no `navigator.clipboard`. A selection needs no focus, so it works in a dialog too. */
function copyBySelection(text: string): boolean {
  const mark = document.createElement("span");
  mark.textContent = text;
  mark.style.cssText = "position:fixed;top:0;white-space:pre;opacity:0";
  const write = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    event.clipboardData?.setData("text/plain", text);
  };
  const selection = document.getSelection();
  document.body.append(mark);
  selection?.selectAllChildren(mark);
  document.addEventListener("copy", write, { capture: true });
  try {
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", write, { capture: true });
    selection?.removeAllRanges();
    mark.remove();
  }
}
