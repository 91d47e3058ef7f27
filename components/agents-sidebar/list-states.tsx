import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Skeleton, SkeletonFrame } from "../ui/skeleton";

/** Widths as different as titles are; fixed, so that server and browser draw the same. */
const WIDTHS = [
  { title: "w-[70%]", subtitle: "w-[55%]" },
  { title: "w-[56%]", subtitle: "w-[62%]" },
  { title: "w-[80%]", subtitle: "w-[40%]" },
  { title: "w-[60%]", subtitle: "w-[54%]" },
  { title: "w-[68%]", subtitle: "w-[35%]" },
  { title: "w-[50%]", subtitle: "w-[58%]" },
];

/** Rows in the boxes of real rows. */
export function ListSkeleton() {
  return (
    <SkeletonFrame label="Loading agents" className="px-2">
      <div className="flex h-7 items-center">
        <Skeleton className="h-2.5 w-12" />
      </div>
      {WIDTHS.map(({ title, subtitle }) => (
        <div key={title} className="grid min-h-11 grid-cols-[16px_minmax(0,1fr)_20px] gap-x-2 py-1.25 max-sm:min-h-14">
          <Skeleton className="mt-1 size-3.5 rounded-full" />
          <span className="flex flex-col gap-2 pt-1">
            <Skeleton className={`h-2.5 ${title}`} />
            <Skeleton className={`h-2 ${subtitle}`} />
          </span>
          <Skeleton className="mt-1.5 h-2 w-5" />
        </div>
      ))}
    </SkeletonFrame>
  );
}

/** Where the rows would be. */
export function ListError({ text, onRetry }: { text: string; onRetry: () => void }) {
  return (
    <Callout
      tone="danger"
      title="Agents did not load"
      actions={
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {text}
    </Callout>
  );
}
