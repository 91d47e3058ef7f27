"use client";

import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

export default function ChatError({ reset }: { error: Error; reset: () => void }) {
  return (
    <div className="grid flex-1 place-items-center p-6">
      <Callout
        tone="danger"
        title="The agent's page did not load"
        className="w-full max-w-100"
        actions={
          <Button size="sm" onClick={reset}>
            Try again
          </Button>
        }
      >
        The server could not read it. The agent itself goes on working.
      </Callout>
    </div>
  );
}
