"use client";

import { ListFilter } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "../ui/dropdown-menu";
import { IconButton } from "../ui/icon-button";

/** Which chats the list shows; the choice is in the address, so that it survives a reload and can be shared. */
export function ArchiveFilter({ archived, className }: { archived: boolean; className?: string }) {
  const router = useRouter();
  const pathname = usePathname();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton
          icon={ListFilter}
          label={archived ? "Filter agents: archived" : "Filter agents"}
          size="sm"
          active={archived}
          className={className}
        />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" aria-label="Filter agents">
        <DropdownMenuRadioGroup
          value={archived ? "archived" : "active"}
          onValueChange={(value) => router.replace(value === "archived" ? `${pathname}?archived=true` : pathname)}
        >
          <DropdownMenuRadioItem value="active">Active</DropdownMenuRadioItem>
          <DropdownMenuRadioItem value="archived">Archived</DropdownMenuRadioItem>
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
