/** What an answer says in one sentence: for notifications, and where no model sums a turn up. Pure. */

/** A notification shows two lines. */
const MAX_CHARACTERS = 200;

/**
 * The first sentence of prose in a Markdown answer, without its marks; null when it has none. Headings, code, tables,
 * quotations and list marks are left out; a sentence that is too long ends at a word.
 */
export function summariseAnswer(markdown: string, maxCharacters = MAX_CHARACTERS): string | null {
  const prose = markdown
    .replaceAll(/(```|~~~)[\s\S]*?(\1|$)/g, "\n")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(#{1,6}\s|>|\||[-*_=]{3,}$|<)/.test(line))
    .map((line) => plainText(line.replace(/^([-*+]|\d+[.)])\s+/, "")))
    .find((line) => /\p{L}{2}/u.test(line));
  if (!prose) return null;
  const sentence = /^.+?[.!?…](?=\s|$)(?!\s+\p{Ll})/u.exec(prose)?.[0] ?? prose;
  return cutAtWord(sentence.replace(/:$/, ""), maxCharacters);
}

const plainText = (line: string): string =>
  line
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/(\*\*|__|~~|`)/g, "")
    .replaceAll(/(^|\s)[*_](\S[^*_]*)[*_](?=\s|[.,;:!?]|$)/g, "$1$2")
    .replaceAll(/\s+/g, " ")
    .trim();

/** At most this many characters, whole ones; an ellipsis says that more followed. */
export function cutAtWord(text: string, maxCharacters: number): string {
  const characters = Array.from(text);
  if (characters.length <= maxCharacters) return text;
  const cut = characters.slice(0, maxCharacters - 1).join("");
  return `${(/^(.*\S)\s/s.exec(cut)?.[1] ?? cut).replace(/[\s,;:.]+$/, "")}…`;
}
