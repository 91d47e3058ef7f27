import type { HighlighterCore, ThemedToken, ThemeRegistrationRaw } from "shiki/core";

/** One coloured run of a line. `className` is a colour token. */
export type CodeToken = { text: string; className: string | undefined };

/** Beyond this, colour costs more than it helps. */
const MAX_HIGHLIGHTED_CHARS = 60_000;

const loadLanguage = {
  bash: () => import("shiki/langs/bash.mjs"),
  c: () => import("shiki/langs/c.mjs"),
  cpp: () => import("shiki/langs/cpp.mjs"),
  csharp: () => import("shiki/langs/csharp.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  dockerfile: () => import("shiki/langs/docker.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  kotlin: () => import("shiki/langs/kotlin.mjs"),
  lua: () => import("shiki/langs/lua.mjs"),
  markdown: () => import("shiki/langs/markdown.mjs"),
  php: () => import("shiki/langs/php.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  ruby: () => import("shiki/langs/ruby.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  swift: () => import("shiki/langs/swift.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  typescript: () => import("shiki/langs/typescript.mjs"),
  xml: () => import("shiki/langs/xml.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};
type Language = keyof typeof loadLanguage;

const ALIASES: Record<string, Language> = {
  cjs: "javascript",
  cc: "cpp",
  cs: "csharp",
  docker: "dockerfile",
  golang: "go",
  h: "c",
  hpp: "cpp",
  htm: "html",
  js: "javascript",
  jsonc: "json",
  jsx: "tsx",
  kt: "kotlin",
  md: "markdown",
  mjs: "javascript",
  mts: "typescript",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  shell: "bash",
  svg: "xml",
  ts: "typescript",
  yml: "yaml",
  zsh: "bash",
};

/** The language of a name, a fence label or a file's extension; undefined when it is not coloured here. */
export function findLanguage(name: string): Language | undefined {
  const key = name.toLowerCase();
  if (Object.hasOwn(ALIASES, key)) return ALIASES[key];
  return Object.hasOwn(loadLanguage, key) ? (key as Language) : undefined;
}

export function findFileLanguage(path: string): Language | undefined {
  const name = path.split("/").at(-1) ?? "";
  return findLanguage(name.includes(".") ? (name.split(".").at(-1) ?? "") : name);
}

let highlighter: Promise<HighlighterCore> | undefined;

/** Loaded with the first code that is shown. */
async function loadHighlighter(): Promise<HighlighterCore> {
  const [core, engine] = await Promise.all([import("shiki/core"), import("shiki/engine/javascript")]);
  return core.createHighlighterCore({
    langs: [],
    themes: [THEME],
    engine: engine.createJavaScriptRegexEngine({ forgiving: true }),
  });
}

/** Lines of coloured runs; undefined when the code is too long or its language is not known. */
export async function highlightCode(code: string, language: string): Promise<CodeToken[][] | undefined> {
  const known = findLanguage(language);
  if (!known || code.length > MAX_HIGHLIGHTED_CHARS) return undefined;
  highlighter ??= loadHighlighter();
  const shiki = await highlighter;
  await shiki.loadLanguage(await loadLanguage[known]());
  const { tokens } = shiki.codeToTokens(code, { lang: known, theme: "tokens" });
  return tokens.map((line) => line.map(toCodeToken));
}

/** Grammar scopes to the code colours of the design; anything else is plain. The first match of a row wins. */
const COLOURS: { className: string; marker: string; scopes: string[] }[] = [
  { className: "text-code-comment", marker: "#000001", scopes: ["comment", "punctuation.definition.comment"] },
  {
    className: "text-code-keyword",
    marker: "#000002",
    scopes: ["keyword", "storage", "entity.name.tag", "variable.language.this", "keyword.operator.new"],
  },
  {
    className: "text-code-string",
    marker: "#000003",
    scopes: ["string", "markup.inline.raw", "punctuation.definition.string"],
  },
  {
    className: "text-code-number",
    marker: "#000004",
    scopes: ["constant.numeric", "constant.language", "constant.character.escape", "support.type.property-name.json"],
  },
  {
    className: "text-code-function",
    marker: "#000005",
    scopes: [
      "entity.name.function",
      "support.function",
      "entity.name.type",
      "entity.other.attribute-name",
      "markup.heading",
    ],
  },
  { className: "text-diff-add-text", marker: "#000006", scopes: ["markup.inserted"] },
  { className: "text-diff-del-text", marker: "#000007", scopes: ["markup.deleted"] },
];

const CLASS_OF_MARKER = new Map(COLOURS.map(({ marker, className }) => [marker, className]));

/** Its colours are only names: the page's own tokens draw, in both themes. */
const THEME: ThemeRegistrationRaw = {
  name: "tokens",
  fg: "#000000",
  bg: "#ffffff",
  settings: [
    ...COLOURS.map(({ scopes, marker }) => ({ scope: scopes, settings: { foreground: marker } })),
    { scope: ["keyword.operator", "storage.type.function.arrow", "punctuation"], settings: { foreground: "#000000" } },
  ],
};

function toCodeToken(token: ThemedToken): CodeToken {
  return { text: token.content, className: CLASS_OF_MARKER.get(token.color ?? "") };
}
