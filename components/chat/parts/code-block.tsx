"use client";

import { Check, Copy } from "lucide-react";
import { memo } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { ScrollBox } from "@/components/ui/scroll-box";
import { useCopy } from "@/components/ui/use-copy";
import type { CodeToken } from "../highlight";
import { useHighlight } from "../use-highlight";

type CodeBlockProps = { code: string; language: string; isSettled: boolean };

/** A fenced block: its language, a copy button, colour once it no longer changes. */
export const CodeBlock = memo(function CodeBlock({ code, language, isSettled }: CodeBlockProps) {
  const lines = useHighlight(code, language, isSettled);
  const { isCopied, copy } = useCopy();
  return (
    <figure className="group/code relative overflow-hidden rounded-md border border-line bg-sunken">
      {language ? <figcaption className="flex h-7 items-center px-3 text-ink-3 text-sm">{language}</figcaption> : null}
      <IconButton
        size="sm"
        icon={isCopied ? Check : Copy}
        label={isCopied ? "Copied" : "Copy code"}
        onClick={() => copy(code)}
        className="absolute top-0.5 right-1 bg-sunken opacity-0 focus-visible:opacity-100 group-hover/code:opacity-100 pointer-coarse:opacity-100"
      />
      <ScrollBox
        label={language ? `${language} code` : "Code"}
        className="max-h-120 overflow-auto px-3 pb-2.5 first:pt-2.5 [figcaption~&]:pt-0.5"
      >
        <pre className="w-max min-w-full font-mono text-code-text text-sm leading-5">
          <code>{lines ? <CodeLines lines={lines} /> : code}</code>
        </pre>
      </ScrollBox>
    </figure>
  );
});

function CodeLines({ lines }: { lines: readonly CodeToken[][] }) {
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
    <span key={index}>
      <CodeRuns tokens={line} />
      {"\n"}
    </span>
  ));
}

export function CodeRuns({ tokens }: { tokens: readonly CodeToken[] }) {
  return tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: runs have no other identity
    <span key={index} className={token.className}>
      {token.text}
    </span>
  ));
}
