import clsx from "clsx";

/** The mark: a hull on its slip. Decoration beside the name. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" className={clsx("size-4.5 flex-none", className)}>
      <path d="M2.2 10.6 19.9 5.4c.5 4-1.2 7.4-4.3 8.3l-6.3 1.8c-3 .9-5.5-.9-7.1-4.9z" fill="currentColor" />
      <path d="m3 21.3 19.2-5.6" stroke="currentColor" strokeWidth="2.25" strokeLinecap="round" />
    </svg>
  );
}
