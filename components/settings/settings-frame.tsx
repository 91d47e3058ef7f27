"use client";

import clsx from "clsx";
import {
  ArrowLeft,
  Bot,
  Boxes,
  ChartColumn,
  Coins,
  Cpu,
  Gauge,
  GitBranch,
  GitPullRequest,
  KeyRound,
  LayoutTemplate,
  type LucideIcon,
  ScrollText,
  SlidersHorizontal,
  Users,
} from "lucide-react";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { User } from "@/lib/contract/users";
import { Link } from "../ui/link";
import { UserMenu } from "../user-menu";

type SettingsLink = { href: string; label: string; icon: LucideIcon };

const PERSONAL: SettingsLink[] = [
  { href: "/settings", label: "General", icon: SlidersHorizontal },
  { href: "/settings/agents", label: "Agents", icon: Bot },
  { href: "/agents/analytics", label: "My usage", icon: ChartColumn },
  { href: "/settings/tokens", label: "API tokens", icon: KeyRound },
  { href: "/settings/git", label: "Git accounts", icon: GitBranch },
];
const ADMINISTRATION: SettingsLink[] = [
  { href: "/admin/usage", label: "Usage", icon: Coins },
  { href: "/admin/models", label: "Models", icon: Cpu },
  { href: "/admin/instructions", label: "Instructions", icon: ScrollText },
  { href: "/admin/templates", label: "Templates", icon: LayoutTemplate },
  { href: "/admin/workspaces", label: "Workspaces", icon: Boxes },
  { href: "/admin/users", label: "Users", icon: Users },
  { href: "/admin/limits", label: "Limits", icon: Gauge },
  { href: "/admin/insights", label: "Pull request insights", icon: GitPullRequest },
];

/** The frame of settings and administration: their own navigation beside the page; above it on a phone. */
export function SettingsFrame({ user, children }: { user: User; children: ReactNode }) {
  const pathname = usePathname();
  const [pressed, setPressed] = useState<{ from: string; href: string } | null>(null);
  if (pressed && pressed.from !== pathname) setPressed(null);
  // What was pressed is marked at once; the page before it stays until it is there.
  const current = pressed?.href ?? pathname;
  const press = (href: string) => setPressed({ from: pathname, href });
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a phone's row of links scrolls to the page that is open
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current]);
  return (
    <div className="flex h-(--frame-height) overflow-hidden max-sm:flex-col">
      <aside
        aria-label="Settings"
        className="flex shrink-0 flex-col bg-sidebar max-sm:-mt-[env(safe-area-inset-top)] max-sm:border-line max-sm:border-b max-sm:pt-[env(safe-area-inset-top)] sm:w-(--sidebar) sm:border-line sm:border-r"
      >
        <div className="flex h-12 shrink-0 items-center px-2">
          <Link
            href="/agents"
            className="flex h-7 items-center gap-1.5 rounded-sm px-2 font-medium text-ink-2 hover:bg-hover pointer-coarse:h-11"
          >
            <ArrowLeft aria-hidden />
            Agents
          </Link>
        </div>
        <nav
          ref={nav}
          aria-label="Settings"
          className="min-h-0 flex-1 overflow-y-auto px-2 pb-2 max-sm:flex max-sm:gap-1 max-sm:overflow-x-auto"
        >
          <NavGroup caption="Personal" links={PERSONAL} current={current} onPress={press} />
          {user.role === "admin" ? (
            <NavGroup caption="Administration" links={ADMINISTRATION} current={current} onPress={press} />
          ) : null}
        </nav>
        <div className="flex h-12 shrink-0 items-center border-line border-t px-1 max-sm:hidden">
          <UserMenu user={user} />
        </div>
      </aside>
      <main className="relative flex min-h-0 min-w-0 flex-1">{children}</main>
    </div>
  );
}

type NavGroupProps = {
  caption: string;
  links: readonly SettingsLink[];
  current: string;
  onPress: (href: string) => void;
};

function NavGroup({ caption, links, current, onPress }: NavGroupProps) {
  return (
    <>
      <p className="px-2 pt-4 pb-1.5 font-medium text-ink-3 text-xs first:pt-2 max-sm:hidden">{caption}</p>
      {links.map(({ href, label, icon: Icon }) => {
        const isCurrent = href === current;
        return (
          <Link
            key={href}
            href={href}
            onNavigate={() => onPress(href)}
            aria-current={isCurrent ? "page" : undefined}
            className={clsx(
              "focus-ring-inset flex h-7.5 items-center gap-2 whitespace-nowrap rounded-sm px-2 font-medium pointer-coarse:h-11",
              isCurrent ? "bg-active text-ink [&>svg]:text-ink-2" : "text-ink-2 hover:bg-hover [&>svg]:text-ink-3",
            )}
          >
            <Icon aria-hidden />
            {label}
          </Link>
        );
      })}
    </>
  );
}

/** A page's scroll area and head. */
export function SettingsPage({ title, acts, children }: { title: string; acts?: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 flex-1 overflow-y-auto px-4 py-6 pb-12 sm:px-8 lg:px-10">
      <div className="mx-auto max-w-(--page)">
        <div className="mb-4 flex min-h-8 flex-wrap items-center gap-3">
          <h1 className="mr-auto font-semibold text-2xl tracking-tight">{title}</h1>
          {acts}
        </div>
        {children}
      </div>
    </div>
  );
}
