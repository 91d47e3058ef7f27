"use client";

import { Button } from "./ui/button";
import { Callout } from "./ui/callout";

/** Where a page would be that could not be drawn. `onRetry` asks the server again: drawing anew what failed there fails again. */
export function PageError({ digest, onRetry }: { digest: string | undefined; onRetry: () => void }) {
  return (
    <main className="grid min-h-80 flex-1 place-items-center p-6">
      <Callout
        tone="danger"
        title="The page did not load"
        className="w-full max-w-110"
        actions={
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        Something failed in the server. Nothing was changed.
        {digest ? (
          <>
            {" "}
            The log has the details under <code>{digest}</code>.
          </>
        ) : null}
      </Callout>
    </main>
  );
}
