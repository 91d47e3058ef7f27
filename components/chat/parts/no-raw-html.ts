/**
 * Stands in for `rehype-raw` in the bundles (`next.config.ts`). The markdown package names it among its defaults, and
 * with it comes a parser of HTML of 60 KB that no page of ours may use: a tag in the agent's prose is text.
 */
function refuseRawHtml(): never {
  throw new Error("Markdown is drawn without raw HTML. Leave rehype-raw out of the plug-ins.");
}

// As the package that it stands in for is imported.
export { refuseRawHtml as default };
