"use client";

import type { ReactNode } from "react";
import { QueryProvider } from "./query-provider";
import { ServerClockProvider } from "./ui/now";
import { Toaster } from "./ui/toast";
import { TooltipProvider } from "./ui/tooltip";

/** Everything that exists once around all pages. */
export function Providers({ nowMs, timeZone, children }: { nowMs: number; timeZone: string; children: ReactNode }) {
  return (
    <ServerClockProvider nowMs={nowMs} timeZone={timeZone}>
      <QueryProvider>
        <TooltipProvider>{children}</TooltipProvider>
        <Toaster />
      </QueryProvider>
    </ServerClockProvider>
  );
}
