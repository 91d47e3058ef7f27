import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Skeleton, SkeletonFrame } from "../ui/skeleton";

/** Widths as different as titles are; fixed, so that server and browser draw the same. */
const WIDTHS = [
  "w-[70%] w-[55%]",
  "w-[56%] w-[62%]",
  "w-[80%] w-[40%]",
  "w-[60%] w-[54%]",
  "w-[68%] w-[35%]",
  "w-[50%] w-[58%]",
];

/** Rows in the boxes of real rows. */
export function ListSkeleton() {
  return (
    <SkeletonFrame label="Loading agents" className="px-2">
      <div className="flex h-7 items-center">
        <Skeleton className="h-2.5 w-12" />
      </div>
      {WIDTHS.map((widths) => {
        const [title, subtitle] = widths.split(" ");
        return (
          <div
            key={widths}
            className="grid min-h-11 grid-cols-[16px_minmax(0,1fr)_20px] gap-x-2 py-1.25 max-sm:min-h-14"
          >
            <Skeleton className="mt-1 size-3.5 rounded-full" />
            <span className="flex flex-col gap-2 pt-1">
              <Skeleton className={`h-2.5 ${title}`} />
              <Skeleton className={`h-2 ${subtitle}`} />
            </span>
            <Skeleton className="mt-1.5 h-2 w-5" />
          </div>
        );
      })}
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
