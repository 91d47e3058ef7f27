import clsx from "clsx";

/** The mark: a hull on its slip. Decoration beside the name. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" className={clsx("size-4.5 flex-none", className)}>
      <path
        d="M2.2 10.6 19.9 5.4c.5 4-1.2 7.400-4.300 8.300l-6.300 1.800c-3 .9-5.500-.9-7.100-4.900z"
        fill="currentColor"
      />
      <path d="m3 21.300 19.200-5.600" stroke="currentColor" strokeWidth="2.25" strokeLinecap="round" />
    </svg>
  );
}
