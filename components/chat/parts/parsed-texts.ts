import type { StreamdownProps } from "streamdown";

type Tree = object;
type Parse = (text: string, file: unknown) => Tree;

/** The plug-in as the markdown package takes it; it stands last, behind those that say what the parser knows. */
type Plugin = NonNullable<StreamdownProps["remarkPlugins"]>[number];

/** Some hundred answers: the agents that a person goes back and forth between. Their trees take some megabytes. */
const MAX_CHARS = 300_000;

/**
 * Keeps what the parser made of the texts that were drawn last. Parsing is most of the work of drawing prose, and who
 * comes back to an agent, or scrolls back, should not wait for it twice. Drawing reads a tree and changes nothing in it.
 */
export function createParsedTexts({ maxChars = MAX_CHARS } = {}): Plugin {
  const trees = new Map<string, Tree>();
  let chars = 0;

  function keep(text: string, tree: Tree) {
    if (!trees.has(text)) chars += text.length;
    // The last in the map is the one that was wanted last.
    trees.delete(text);
    trees.set(text, tree);
    for (const oldest of trees.keys()) {
      if (chars <= maxChars) return;
      trees.delete(oldest);
      chars -= oldest.length;
    }
  }

  return function rememberParsed(this: { parser?: unknown }) {
    const parse = this.parser as Parse;
    this.parser = (text: string, file: unknown) => {
      const tree = trees.get(text) ?? parse(text, file);
      keep(text, tree);
      return tree;
    };
  } as Plugin;
}
