"use client";

import clsx from "clsx";
import { type ComponentProps, createContext, isValidElement, memo, type ReactNode, useContext } from "react";
import { type Components, defaultRemarkPlugins } from "streamdown";
import { ScrollBox } from "@/components/ui/scroll-box";
import { revealHidden } from "../hidden-characters";
import { safeLink } from "../safe-link";
import { CodeBlock } from "./code-block";
import { LongText } from "./long-text";
import { MarkdownBlocks, type MarkdownPlugins, useIsSettled } from "./markdown-blocks";
import { hasMath, markMath } from "./math-text";
import { createParsedTexts } from "./parsed-texts";
import { type MathPlugins, useMathPlugins } from "./use-math-plugins";

type MarkdownProps = { text: string; isLive?: boolean; isQuiet?: boolean };

const LinkContext = createContext(false);

/** Beyond this nobody reads prose, and parsing it would stop the page: it is shown as plain text in pieces. */
const MAX_MARKDOWN_CHARS = 100_000;

/** The agent's prose. Raw HTML is shown as text, links lead to the web and mail only, images load when asked. */
export const Markdown = memo(function Markdown({ text, isLive = false, isQuiet = false }: MarkdownProps) {
  const isTooLong = text.length > MAX_MARKDOWN_CHARS;
  const math = useMathPlugins(!isTooLong && hasMath(text));
  if (isTooLong) return <LongText text={revealHidden(text)} className="markdown whitespace-pre-wrap" />;
  const shown = revealHidden(math ? markMath(text) : text);
  return (
    <div className={clsx("markdown", isQuiet && "markdown-quiet", isLive && "markdown-caret")}>
      <MarkdownBlocks
        // It compares its text, not its plug-ins: without a new one, formulas stay source when these arrive.
        key={math ? "math" : "plain"}
        text={shown}
        isLive={isLive}
        components={components}
        {...(math ? withMath(math) : PLAIN_PLUGINS)}
      />
    </div>
  );
});

// Without the raw-HTML plug-in a tag is text; nothing is left to sanitise but addresses, below.
const REMARK_PLUGINS = Object.values(defaultRemarkPlugins);
const PLAIN_PLUGINS: MarkdownPlugins = {
  growingPlugins: REMARK_PLUGINS,
  remarkPlugins: [...REMARK_PLUGINS, createParsedTexts()],
  rehypePlugins: [],
};

let mathPlugins: MarkdownPlugins | undefined;

/** The same at every draw: with others everything would be parsed again. */
function withMath({ remark, rehype }: MathPlugins): MarkdownPlugins {
  const remarkPlugins = [...REMARK_PLUGINS, remark];
  mathPlugins ??= { growingPlugins: remarkPlugins, remarkPlugins, rehypePlugins: [rehype] };
  return mathPlugins;
}

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
  const isSettled = useIsSettled();
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
