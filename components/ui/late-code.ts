"use client";

import { useEffect, useState } from "react";

/** Code that is loaded on use: once, and again where it failed. */
export type LateCode<Code> = {
  load: () => Promise<Code>;
  /** Undefined until it is loaded. */
  get: () => Code | undefined;
};

export function lateCode<Code>(fetchCode: () => Promise<Code>): LateCode<Code> {
  let loaded: Code | undefined;
  let loading: Promise<Code> | undefined;
  const load = () => {
    loading ??= fetchCode().then(
      (code) => {
        loaded = code;
        return code;
      },
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  return { load, get: () => loaded };
}

/**
 * The code, or undefined while it is loaded: the caller shows what stands for it. No Suspense, since React keeps what
 * follows its fallback back for 300 ms. A failure is the page's error.
 */
export function useLateCode<Code>({ load, get }: LateCode<Code>): Code | undefined {
  const [, settle] = useState({});
  const code = get();
  useEffect(() => {
    if (code !== undefined) return;
    load().then(
      () => settle({}),
      (error: unknown) =>
        settle(() => {
          throw error;
        }),
    );
  }, [code, load]);
  return code;
}
