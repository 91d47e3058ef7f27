"use client";

import { type ComponentProps, createContext, useContext, useMemo, useState } from "react";
import remend from "remend";
import { Block, parseMarkdownIntoBlocks } from "streamdown";

const SettledContext = createContext(true);
/** Whether the block that this is drawn in no longer changes. */
export const useIsSettled = (): boolean => useContext(SettledContext);

type BlockProps = ComponentProps<typeof Block>;

export type MarkdownPlugins = {
  /** For text that has grown here: a block that changed its plug-ins when it was whole would be parsed again. */
  growingPlugins: NonNullable<BlockProps["remarkPlugins"]>;
  remarkPlugins: NonNullable<BlockProps["remarkPlugins"]>;
  rehypePlugins: NonNullable<BlockProps["rehypePlugins"]>;
};

type MarkdownBlocksProps = MarkdownPlugins & {
  text: string;
  isLive: boolean;
  components: NonNullable<BlockProps["components"]>;
};

/** One parser for all of it is quicker up to here; beyond, one piece at a time, so that the page can act between two. */
const WHOLE_CHARS = 6_000;

/**
 * Prose in the paragraphs, lists and fences that the parser can take by themselves. While text comes only the last one is
 * parsed again, and the end of it draws nothing again that was drawn.
 */
export function MarkdownBlocks(props: MarkdownBlocksProps) {
  const { text, isLive, components, growingPlugins, remarkPlugins, rehypePlugins } = props;
  // Kept for as long as this is drawn: settled text of another cut would be drawn anew.
  const [wasLive, setWasLive] = useState(isLive);
  if (isLive && !wasLive) setWasLive(true);
  const isCut = wasLive || text.length > WHOLE_CHARS;
  const blocks = useMemo(() => (isCut ? parseMarkdownIntoBlocks(text) : [text]), [isCut, text]);
  const last = blocks.length - 1;
  return blocks.map((block, index) => {
    const isGrowing = isLive && index === last;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: text grows at its end, so a block's place is what it is known by
      <SettledContext key={index} value={!isGrowing}>
        <Block
          content={isGrowing ? remend(block) : block}
          components={components}
          remarkPlugins={wasLive ? growingPlugins : remarkPlugins}
          rehypePlugins={rehypePlugins}
          index={index}
          isIncomplete={false}
          shouldParseIncompleteMarkdown={false}
          shouldNormalizeHtmlIndentation={false}
        />
      </SettledContext>
    );
  });
}
