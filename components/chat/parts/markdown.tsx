"use client";

import clsx from "clsx";
import { type ComponentProps, createContext, isValidElement, memo, type ReactNode, useContext } from "react";
import { type Components, Streamdown } from "streamdown";
import { safeLink } from "../safe-link";
import { CodeBlock } from "./code-block";

type MarkdownProps = { text: string; isLive?: boolean; isQuiet?: boolean };

const SettledContext = createContext(true);

/** The agent's prose. Raw HTML is shown as text, links lead to the web and mail only, images load when asked. */
export const Markdown = memo(function Markdown({ text, isLive = false, isQuiet = false }: MarkdownProps) {
  return (
    <SettledContext value={!isLive}>
      <Streamdown
        mode={isLive ? "streaming" : "static"}
        parseIncompleteMarkdown={isLive}
        // Without the raw-HTML plug-in a tag is text; nothing is left to sanitise but addresses, below.
        rehypePlugins={NO_PLUGINS}
        components={components}
        controls={false}
        className={clsx("markdown", isQuiet && "markdown-quiet", isLive && "markdown-caret")}
      >
        {text}
      </Streamdown>
    </SettledContext>
  );
});

const NO_PLUGINS: [] = [];

const PLAIN_ELEMENTS = ["p h1 h2 h3 h4 h5 h6 ul ol li blockquote thead tbody tr th td hr strong em del sup sub section"]
  .flatMap((names) => names.split(" "))
  .map((name) => [name, name]);

const components: Components = {
  ...Object.fromEntries(PLAIN_ELEMENTS),
  inlineCode: "code",
  a: MarkdownLink,
  img: MarkdownImage,
  pre: MarkdownPre,
  code: ({ node: _, ...props }) => <code {...props} />,
  table: MarkdownTable,
};

function MarkdownLink({ href, children }: ComponentProps<"a">) {
  const link = safeLink(href);
  if (!link) return <span>{children}</span>;
  return (
    <a href={link} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** The page loads nothing from elsewhere: a picture is an address until a person opens it. */
function MarkdownImage({ src, alt }: ComponentProps<"img">) {
  const link = typeof src === "string" ? safeLink(src) : undefined;
  if (!link) return <span>{alt}</span>;
  return (
    <a href={link} target="_blank" rel="noopener noreferrer nofollow">
      Open image{alt ? ` “${alt}”` : ""} on {hostOf(link)}
    </a>
  );
}

function MarkdownPre({ children }: ComponentProps<"pre">) {
  const isSettled = useContext(SettledContext);
  const { language, code } = readFence(children);
  return <CodeBlock code={code} language={language} isSettled={isSettled} />;
}

function MarkdownTable({ children }: ComponentProps<"table">) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
      tabIndex={0}
      aria-label="Table"
      className="focus-ring-inset overflow-x-auto rounded-md border border-line"
    >
      <table>{children}</table>
    </section>
  );
}

function readFence(children: ReactNode): { language: string; code: string } {
  if (!isValidElement<{ className?: string; children?: ReactNode }>(children)) return { language: "", code: "" };
  const { className = "", children: code } = children.props;
  const language = /language-(\S+)/.exec(className)?.[1] ?? "";
  return { language, code: String(code ?? "").replace(/\n$/, "") };
}

function hostOf(link: string): string {
  return URL.canParse(link) ? new URL(link).host : link;
}
