import type { ReactNode } from "react";
import { Logo } from "../ui/logo";

/** The frame of pages for people who are not signed in: one card in the middle. */
export function AuthPage({ title, children, foot }: { title: string; children: ReactNode; foot?: ReactNode }) {
  return (
    <main className="grid min-h-(--frame-height) place-items-center bg-sidebar px-4 py-10 sm:pb-16">
      <div className="w-full max-w-90">
        <p className="mb-7 flex items-center justify-center gap-1.5 font-semibold text-xl tracking-tight">
          <Logo />
          Slipway
        </p>
        <section className="rounded-lg border border-line bg-raised p-6">
          <h1 className="mb-5 font-semibold text-xl tracking-tight">{title}</h1>
          {children}
        </section>
        {foot ? <p className="mt-5 text-center text-ink-3 text-sm">{foot}</p> : null}
      </div>
    </main>
  );
}
