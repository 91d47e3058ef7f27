import { useEffect, useState } from "react";

/** A host that is well has answered by then. */
const SLOW_AFTER_MS = 3_000;

/** What a long wait is for. */
export function HostWait() {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p role="status" className="px-4 pt-4 text-ink-3 text-sm empty:hidden">
      {isSlow ? "Waiting for the git host, at most a quarter of a minute." : null}
    </p>
  );
}
