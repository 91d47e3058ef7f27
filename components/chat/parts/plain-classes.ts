/**
 * Stands in for `tailwind-merge` in the bundles (`next.config.ts`). The markdown package joins its own classes with it;
 * ours have no utility that would have to win over one of those, and building its table is a fifth of the time in which
 * the package is read.
 */
export const twMerge = (classes: string): string => classes;
