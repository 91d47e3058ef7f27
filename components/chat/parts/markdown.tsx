"use client";

import clsx from "clsx";
import { type ComponentProps, createContext, isValidElement, memo, type ReactNode, useContext } from "react";
import { Block, type Components, defaultRemarkPlugins, Streamdown } from "streamdown";
import { ScrollBox } from "@/components/ui/scroll-box";
import { revealHidden } from "../hidden-characters";
import { safeLink } from "../safe-link";
import { CodeBlock } from "./code-block";
import { LongText } from "./long-text";
import { hasMath, markMath } from "./math-text";
import { createParsedTexts } from "./parsed-texts";
import { useMathPlugins } from "./use-math-plugins";

type MarkdownProps = { text: string; isLive?: boolean; isQuiet?: boolean };

const SettledContext = createContext(true);
const LinkContext = createContext(false);

/** Beyond this nobody reads prose, and parsing it would stop the page: it is shown as plain text in pieces. */
const MAX_MARKDOWN_CHARS = 100_000;

/** The agent's prose. Raw HTML is shown as text, links lead to the web and mail only, images load when asked. */
export const Markdown = memo(function Markdown({ text, isLive = false, isQuiet = false }: MarkdownProps) {
  const isTooLong = text.length > MAX_MARKDOWN_CHARS;
  const math = useMathPlugins(!isTooLong && hasMath(text));
  if (isTooLong) return <LongText text={revealHidden(text)} className="markdown whitespace-pre-wrap" />;
  const shown = revealHidden(math ? markMath(text) : text);
  // Without the raw-HTML plug-in a tag is text; nothing is left to sanitise but addresses, below.
  const plain = isLive ? REMARK_PLUGINS : SETTLED_PLUGINS;
  const plugins = {
    remarkPlugins: math ? [...REMARK_PLUGINS, math.remark] : plain,
    rehypePlugins: math ? [math.rehype] : NO_PLUGINS,
  };
  // It compares its text, not its plug-ins: without a new one, formulas stay source when these arrive.
  const key = math ? "math" : "plain";
  const look = clsx("markdown", isQuiet && "markdown-quiet");
  if (!isLive) return <Settled key={key} text={shown} className={look} {...plugins} />;
  return (
    <SettledContext value={false}>
      <Streamdown key={key} {...plugins} components={components} controls={false} className={`${look} markdown-caret`}>
        {shown}
      </Streamdown>
    </SettledContext>
  );
});

type SettledProps = {
  text: string;
  className: string;
  remarkPlugins: NonNullable<ComponentProps<typeof Block>["remarkPlugins"]>;
  rehypePlugins: NonNullable<ComponentProps<typeof Block>["rehypePlugins"]>;
};

/**
 * Text that no longer changes is one block. What the package has for text that grows cuts it into blocks first, and is
 * drawn a second time when a page of the server comes alive: all texts of the page at once.
 */
function Settled({ text, className, ...plugins }: SettledProps) {
  return (
    <div className={className}>
      <Block
        {...plugins}
        content={text}
        components={components}
        index={0}
        isIncomplete={false}
        shouldParseIncompleteMarkdown={false}
        shouldNormalizeHtmlIndentation={false}
      />
    </div>
  );
}

const REMARK_PLUGINS = Object.values(defaultRemarkPlugins);
const SETTLED_PLUGINS = [...REMARK_PLUGINS, createParsedTexts()];
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
  input: MarkdownCheckbox,
};

function MarkdownLink({ href, children }: ComponentProps<"a">) {
  const link = safeLink(href);
  if (!link) return <span>{children}</span>;
  const host = foreignHost(link, children);
  return (
    <>
      <a href={link} target="_blank" rel="noopener noreferrer nofollow">
        <LinkContext value={true}>{children}</LinkContext>
      </a>
      {host ? <span className="text-ink-3"> ({host})</span> : null}
    </>
  );
}

/** Where a link leads whose text names another place. */
function foreignHost(link: string, children: ReactNode): string | undefined {
  const named = /^\s*(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?:[/:?#]|\s*$)/i.exec(shownText(children))?.[1];
  const { host } = new URL(link);
  return named && host && host.replace(/^www\./, "") !== named.toLowerCase().replace(/^www\./, "") ? host : undefined;
}

/** What is read where these are drawn: a picture in a link is its description. */
function shownText(children: ReactNode): string {
  if (typeof children === "string") return children;
  if (Array.isArray(children)) return children.map(shownText).join("");
  if (!isValidElement<{ alt?: string; children?: ReactNode }>(children)) return "";
  return children.props.alt ?? shownText(children.props.children);
}

/** The page loads nothing from elsewhere: a picture is an address until a person opens it. */
function MarkdownImage({ src, alt }: ComponentProps<"img">) {
  const isInLink = useContext(LinkContext);
  const link = typeof src === "string" ? safeLink(src) : undefined;
  // A link in a link is no HTML: a badge is the link around it.
  if (isInLink) return <span>{alt || "Image"}</span>;
  if (!link) return <span>{alt}</span>;
  return (
    <a href={link} target="_blank" rel="noopener noreferrer nofollow">
      Open image{alt ? ` “${alt}”` : ""} on {new URL(link).host}
    </a>
  );
}

/** Of a task list. */
function MarkdownCheckbox({ checked = false }: ComponentProps<"input">) {
  return <input type="checkbox" disabled checked={checked} aria-label={checked ? "Done" : "Not done"} />;
}

function MarkdownPre({ children }: ComponentProps<"pre">) {
  const isSettled = useContext(SettledContext);
  const { language, code } = readFence(children);
  return <CodeBlock code={code} language={language} isSettled={isSettled} />;
}

function MarkdownTable({ children }: ComponentProps<"table">) {
  return (
    <ScrollBox label="Table" className="overflow-x-auto rounded-md border border-line">
      <table>{children}</table>
    </ScrollBox>
  );
}

function readFence(children: ReactNode): { language: string; code: string } {
  if (!isValidElement<{ className?: string; children?: ReactNode }>(children)) return { language: "", code: "" };
  const { className = "", children: code } = children.props;
  const language = /language-(\S+)/.exec(className)?.[1] ?? "";
  return { language, code: String(code ?? "").replace(/\n$/, "") };
}
