import type { ReactNode } from "react";

/** One component in one state, under its name. */
export function Sample({ name, children, isWide = false }: { name: string; children: ReactNode; isWide?: boolean }) {
  return (
    <div data-sample={name} className={isWide ? "col-span-full min-w-0" : "min-w-0"}>
      <p className="mb-1.5 text-ink-3 text-xs">{name}</p>
      {children}
    </div>
  );
}

/** Samples of one kind, side by side. */
export function SampleSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-line border-t pt-4">
      <h2 className="mb-3 font-semibold text-xl">{title}</h2>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(300px,100%),1fr))] gap-x-6 gap-y-5">{children}</div>
    </section>
  );
}
