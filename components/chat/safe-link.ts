const ALLOWED_PROTOCOLS = new Set(["http:", "https:", "mailto:"]);

/** An address that model output may link to: absolute, to the web or to mail. Undefined for any other. */
export function safeLink(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  return ALLOWED_PROTOCOLS.has(new URL(address).protocol) ? address : undefined;
}
