"use client";

import clsx from "clsx";
import { ChartColumn, ChevronsUpDown, Cpu, LogOut, Settings } from "lucide-react";
import { useState } from "react";
import { errorText, request } from "@/lib/contract/client";
import type { User } from "@/lib/contract/users";
import { parseTheme, THEMES, type Theme } from "./theme";
import { Avatar } from "./ui/avatar";
import { Badge } from "./ui/badge";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuLink,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "./ui/dropdown-menu";
import { toast } from "./ui/toast";
import { useTheme } from "./use-theme";

const themeLabels = { system: "System theme", light: "Light", dark: "Dark" } satisfies Record<Theme, string>;

/** What people are called where one name must do. */
export const displayName = (user: Pick<User, "name" | "username">): string => user.name || user.username;

/** Who is signed in, and what belongs to them; compact, it is the avatar alone. */
export function UserMenu({ user, isCompact = false }: { user: User; isCompact?: boolean }) {
  const [theme, chooseTheme] = useTheme("system");
  const [isLeaving, setLeaving] = useState(false);
  const name = displayName(user);

  async function signOut() {
    setLeaving(true);
    try {
      await request("POST", "/api/auth/sign-out");
      // A full load: nothing of this person stays in memory.
      window.location.assign("/sign-in");
    } catch (error) {
      setLeaving(false);
      toast.error(errorText(error));
    }
  }

  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={isCompact ? `Account of ${name}` : undefined}
        className={clsx(
          "focus-ring-inset flex items-center gap-2 rounded-sm text-left hover:bg-hover data-[state=open]:bg-active",
          isCompact ? "size-11 justify-center" : "h-9 w-full px-2",
        )}
      >
        <Avatar name={name} />
        {isCompact ? null : (
          <>
            <span className="min-w-0 flex-1 truncate font-medium">
              <span className="hidden-text">Account of </span>
              {name}
            </span>
            {user.role === "admin" ? <Badge>Admin</Badge> : null}
            <ChevronsUpDown aria-hidden className="size-3.5 text-ink-3" />
          </>
        )}
      </DropdownMenuTrigger>
      <DropdownMenuContent side="top" align="start" className="min-w-66" aria-label="Account">
        <DropdownMenuLabel>{user.email}</DropdownMenuLabel>
        <DropdownMenuLink icon={Settings} href="/settings">
          Settings
        </DropdownMenuLink>
        <DropdownMenuLink icon={ChartColumn} href="/agents/analytics">
          My usage
        </DropdownMenuLink>
        {user.role === "admin" ? (
          <DropdownMenuLink icon={Cpu} href="/admin/models">
            Models
          </DropdownMenuLink>
        ) : null}
        <DropdownMenuSeparator />
        <DropdownMenuRadioGroup value={theme} onValueChange={(value) => chooseTheme(parseTheme(value))}>
          {THEMES.map((value) => (
            <DropdownMenuRadioItem key={value} value={value} onSelect={(event) => event.preventDefault()}>
              {themeLabels[value]}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem icon={LogOut} disabled={isLeaving} onSelect={() => void signOut()}>
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
