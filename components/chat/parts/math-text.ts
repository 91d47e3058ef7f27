/** Code, inline or fenced, in which nothing is math; then TeX's own brackets. */
const CODE_OR_MATH = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)|\\\(([\s\S]+?)\\\)|\\\[([\s\S]+?)\\\]/g;

/** Whether there may be math. A single dollar is money. */
export const hasMath = (text: string): boolean => /\$\$|\\\(|\\\[/.test(text);

/** Models write `\(x\)` and `\[x\]` as often as dollars, which Markdown takes for escaped brackets. */
export function markMath(text: string): string {
  return text.replace(CODE_OR_MATH, (match, code?: string, inline?: string, block?: string) => {
    if (code !== undefined) return match;
    return inline !== undefined ? `$$${inline}$$` : `\n$$\n${block?.trim()}\n$$\n`;
  });
}
