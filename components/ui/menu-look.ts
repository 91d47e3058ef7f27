/** The surface and the rows that menus and selects share. */
export const menuSurface =
  "z-50 overflow-y-auto rounded-md border border-line-2 bg-raised p-1 text-ink text-md shadow-pop outline-none data-[state=open]:animate-appear max-sm:w-full max-sm:max-w-none max-sm:rounded-t-lg max-sm:rounded-b-none max-sm:pb-[max(8px,env(safe-area-inset-bottom))]";

export const menuItem =
  "flex min-h-7 w-full select-none items-center gap-2 rounded-xs px-2 py-1 text-left text-ink outline-none data-[highlighted]:bg-hover data-[disabled]:items-start data-[disabled]:text-ink-3 pointer-coarse:min-h-11 [&>.lucide]:text-ink-3";
