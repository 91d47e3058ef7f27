import clsx from "clsx";
import { LoaderCircle } from "lucide-react";

/** A turning ring. Decoration: the text beside it says what is waited for. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden className={clsx("icon-turning", className)} />;
}
