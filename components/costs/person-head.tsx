import { ArrowLeft } from "lucide-react";
import type { User } from "@/lib/contract/users";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Link } from "../ui/link";

/** Whose usage it is, and the way back to everybody's. */
export function PersonHead({ person, backHref }: { person: User & { deleted: boolean }; backHref: string }) {
  return (
    <div className="mb-6 grid gap-4">
      <Link
        href={backHref}
        className="flex h-7 w-fit items-center gap-1.5 rounded-sm pr-2 font-medium text-ink-2 hover:bg-hover pointer-coarse:h-11"
      >
        <ArrowLeft aria-hidden />
        Everybody
      </Link>
      <div className="flex flex-wrap items-center gap-3">
        <Avatar name={person.name || person.username} size="lg" />
        <div className="mr-auto min-w-0">
          <h2 className="truncate font-semibold text-ink text-xl">{person.name || person.username}</h2>
          <p className="truncate text-ink-3 text-sm">
            {person.username} · {person.deleted ? "Deleted user" : person.email}
          </p>
        </div>
        {person.deleted ? null : (
          <Button asChild>
            <Link href={`/admin/limits?user=${person.id}`}>Change limit</Link>
          </Button>
        )}
      </div>
    </div>
  );
}
