"use client";

import { useEffect, useState } from "react";
import type { StreamdownProps } from "streamdown";

type Plugin = NonNullable<StreamdownProps["remarkPlugins"]>[number];
export type MathPlugins = { remark: Plugin; rehype: Plugin };

let loading: Promise<MathPlugins> | undefined;
let loaded: MathPlugins | undefined;

/** Draws MathML, which browsers lay out themselves: no style sheet, no fonts, no inline styles. */
async function loadMathPlugins(): Promise<MathPlugins> {
  const [remark, rehype] = await Promise.all([import("remark-math"), import("rehype-katex")]);
  loaded = {
    remark: [remark.default, { singleDollarTextMath: false }],
    // What cannot be read is shown as it was written. No macro may load or run anything.
    rehype: [
      rehype.default,
      { output: "mathml", throwOnError: false, strict: "ignore", trust: false, maxExpand: 1_000 },
    ],
  };
  return loaded;
}

/** The plug-ins once a text has math in it; undefined before, when the source is shown. */
export function useMathPlugins(isWanted: boolean): MathPlugins | undefined {
  const [plugins, setPlugins] = useState(loaded);
  useEffect(() => {
    if (!isWanted || plugins) return;
    loading ??= loadMathPlugins();
    // Without them the source of the formula is still there to read.
    loading.then(setPlugins, () => {});
  }, [isWanted, plugins]);
  return isWanted ? plugins : undefined;
}
