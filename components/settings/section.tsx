import type { ReactNode } from "react";

/** A titled box of a settings page. */
export function SettingsSection({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="mb-4 max-w-160 rounded-md border border-line bg-raised p-4 sm:p-5">
      <h2 className="font-semibold text-md">{title}</h2>
      {hint ? <p className="text-ink-3 text-sm">{hint}</p> : null}
      <div className="mt-4">{children}</div>
    </section>
  );
}
