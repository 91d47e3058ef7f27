"use client";

import { NoChat } from "@/components/chat/no-chat";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

export default function ChatError({ reset }: { error: Error; reset: () => void }) {
  return (
    <NoChat>
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
    </NoChat>
  );
}
