"use client";

import { useEffect, useState } from "react";

/** The time, renewed every second. For leaves only: whoever calls it renders every second. */
export function useSecond(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
