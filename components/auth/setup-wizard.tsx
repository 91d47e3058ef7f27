"use client";

import clsx from "clsx";
import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { User } from "@/lib/contract/users";
import { Logo } from "../ui/logo";
import { AdministratorStep } from "./administrator-step";
import { ProviderStep, type Suggestions } from "./provider-step";

/** First run: the administrator, then one model provider. */
export function SetupWizard({ setupToken, suggestions }: { setupToken: string; suggestions: Suggestions }) {
  const [created, setCreated] = useState<User | null>(null);
  return (
    <main className="grid min-h-(--frame-height) place-items-center bg-sidebar px-4 py-10">
      <div className="w-full max-w-208">
        <p className="mb-6 flex items-center gap-1.5 font-semibold text-xl tracking-tight">
          <Logo />
          Set up Slipway
        </p>
        <section className="grid rounded-lg border border-line bg-raised sm:min-h-108 sm:grid-cols-[248px_minmax(0,1fr)]">
          <ol className="flex gap-4 border-line px-6 py-5 max-sm:border-b sm:flex-col sm:gap-0 sm:border-r">
            <StepMark number={1} title="Administrator" state={created ? "done" : "current"}>
              {created?.email ?? "Who runs this installation"}
            </StepMark>
            <StepMark number={2} title="Model provider" state={created ? "current" : "next"}>
              One key is enough to start
            </StepMark>
          </ol>
          {created ? (
            <ProviderStep suggestions={suggestions} />
          ) : (
            <AdministratorStep setupToken={setupToken} onCreated={setCreated} />
          )}
        </section>
      </div>
    </main>
  );
}

type StepMarkProps = { number: number; title: string; state: "done" | "current" | "next"; children: ReactNode };

const markLooks = {
  done: "bg-success-bg text-success",
  current: "bg-action text-on-action",
  next: "border border-line-2 text-ink-2",
} satisfies Record<StepMarkProps["state"], string>;

function StepMark({ number, title, state, children }: StepMarkProps) {
  return (
    <li aria-current={state === "current" ? "step" : undefined} className="flex min-w-0 items-start gap-3 py-2">
      <span
        className={clsx(
          "grid size-5 shrink-0 place-items-center rounded-full font-semibold text-xs tabular-nums",
          markLooks[state],
        )}
      >
        {state === "done" ? <Check aria-label="Done" className="size-3" strokeWidth={2.5} /> : number}
      </span>
      <span className="min-w-0">
        <span className={clsx("block", state === "current" ? "font-medium text-ink" : "text-ink-2")}>{title}</span>
        <span className="block truncate text-ink-3 text-sm">{children}</span>
      </span>
    </li>
  );
}
