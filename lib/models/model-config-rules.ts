/** Defaults of a model configuration. Pure. */

/** From here on a context is so large that a full one is slow and dear. */
const LARGE_CONTEXT_TOKENS = 500_000;

/** Percent of the context limit at which a chat is compacted. */
export const defaultThreshold = (contextLimit: number): number => (contextLimit >= LARGE_CONTEXT_TOKENS ? 30 : 70);
