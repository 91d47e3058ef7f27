"use client";

import { ChevronDown, ChevronUp, Download, Search, TriangleAlert } from "lucide-react";
import type { UserCosts as Costs, UserCost, UserCostSort } from "@/lib/contract/costs";
import { formatCount, formatPlural } from "@/lib/format";
import { Avatar } from "../ui/avatar";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Input } from "../ui/input";
import { Link } from "../ui/link";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";
import { CostStats } from "./cost-stats";
import { CostFigure } from "./figures";
import { FigureCells } from "./model-table";

type Query = { q: string; sort: string; page: number; pageSize: number };

type UserCostsProps = {
  costs: Pick<Costs, "count" | "users" | "totals">;
  query: Query;
  range: Record<string, string>;
  dayCount: number;
  zone: string;
  exportHref: string;
};

const COLUMNS: { sort: UserCostSort; label: string }[] = [
  { sort: "total_cost_micros", label: "Total Cost" },
  { sort: "message_count", label: "Messages" },
  { sort: "chat_count", label: "Chats" },
  { sort: "total_input_tokens", label: "Input" },
  { sort: "total_output_tokens", label: "Output" },
  { sort: "total_cache_read_tokens", label: "Cache Read" },
  { sort: "total_cache_creation_tokens", label: "Cache Write" },
];

/**
 * Who spent what. Search, order and page stand in the address; a row opens the person's own view. Code of the browser, as
 * `CostView` is.
 */
export function UserCosts({ costs, query, range, dayCount, zone, exportHref }: UserCostsProps) {
  const link = (change: Record<string, string>) => {
    const search = { ...(query.q && { q: query.q }), sort: query.sort, page: String(query.page), ...range, ...change };
    return `?${new URLSearchParams(search)}`;
  };
  return (
    <div className="grid gap-6">
      <CostStats
        totals={costs.totals}
        messagesNote={formatPlural(costs.count, "person", "people")}
        dayCount={dayCount}
      />
      <section aria-label="By person" className="grid gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <form aria-label="Search" className="w-full sm:max-w-80">
            {Object.entries({ ...range, sort: query.sort }).map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            <Input
              type="search"
              name="q"
              aria-label="Search people"
              placeholder="Search name or username"
              defaultValue={query.q}
              prefix={<Search aria-hidden />}
            />
          </form>
          <span className="mr-auto text-ink-3 text-sm">days in {zone}</span>
          <Button asChild>
            <a href={exportHref} download>
              <Download aria-hidden />
              Export CSV
            </a>
          </Button>
        </div>
        {costs.users.length === 0 ? <Nobody query={query} clearHref={link({ q: "", page: "1" })} /> : null}
        {costs.users.length > 0 ? <PeopleTable users={costs.users} sort={query.sort} link={link} /> : null}
        <Pages count={costs.count} query={query} isPartial={costs.totals.unpriced_call_count > 0} link={link} />
      </section>
    </div>
  );
}

type LinkTo = (change: Record<string, string>) => string;

function PeopleTable({ users, sort, link }: { users: readonly UserCost[]; sort: string; link: LinkTo }) {
  return (
    <Table label="Cost by person">
      <thead>
        <tr>
          <SortHead label="Person" column="username" sort={sort} link={link} />
          {COLUMNS.map(({ sort: column, label }) => (
            <SortHead key={column} label={label} column={column} sort={sort} link={link} numeric />
          ))}
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <TableRow key={user.user_id} className="relative">
            <TableCell className="w-1/3 max-w-0 max-sm:w-full">
              <Link
                href={link({ user: user.user_id })}
                className="flex min-w-0 items-center gap-3 rounded-xs after:absolute after:inset-0"
              >
                <Avatar name={user.name || user.username || "?"} />
                <span className="min-w-0">
                  <span className="block truncate font-medium">{user.name || user.username || "Unknown person"}</span>
                  {user.deleted ? (
                    <span className="block truncate text-ink-3 text-sm sm:hidden">Deleted user</span>
                  ) : null}
                </span>
                <span className="truncate text-ink-3 max-md:hidden">{user.name ? user.username : ""}</span>
                {user.deleted ? <Badge className="max-sm:hidden">Deleted user</Badge> : null}
              </Link>
            </TableCell>
            <TableCell numeric>
              <CostFigure cost={user} />
            </TableCell>
            <TableCell numeric className="max-sm:hidden">
              {formatCount(user.message_count)}
            </TableCell>
            <TableCell numeric className="max-sm:hidden">
              {formatCount(user.chat_count)}
            </TableCell>
            <FigureCells row={user} withMessages={false} />
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

type SortHeadProps = { label: string; column: UserCostSort; sort: string; link: LinkTo; numeric?: boolean };

/** Figures begin with the largest, names with A. The sorted head has an arrow and turns round. */
function SortHead({ label, column, sort, link, numeric = false }: SortHeadProps) {
  const isDescending = sort === `-${column}`;
  const isSorted = isDescending || sort === column;
  const next = isSorted ? (isDescending ? column : `-${column}`) : numeric ? `-${column}` : column;
  const Arrow = isDescending ? ChevronDown : ChevronUp;
  const isHidden = numeric && column !== "total_cost_micros";
  return (
    <TableHead
      numeric={numeric}
      aria-sort={isSorted ? (isDescending ? "descending" : "ascending") : undefined}
      className={isHidden ? "max-sm:hidden" : undefined}
    >
      <Link
        href={link({ sort: next, page: "1" })}
        scroll={false}
        className={`inline-flex items-center gap-1 rounded-xs hover:text-ink ${isSorted ? "text-ink" : ""}`}
      >
        {label}
        {isSorted ? <Arrow aria-hidden className="size-3.5" /> : null}
      </Link>
    </TableHead>
  );
}

function Nobody({ query, clearHref }: { query: Query; clearHref: string }) {
  if (query.page > 1) return <EmptyState title="This page is empty" hint="There are fewer people than that." />;
  if (!query.q) return <EmptyState title="Nobody spent anything in this range" hint="Choose another range." />;
  return (
    <EmptyState
      title="Nobody matches"
      hint={`No name and no username of those who spent something contains “${query.q}”.`}
      action={
        <Button asChild>
          <Link href={clearHref}>Clear search</Link>
        </Button>
      }
    />
  );
}

type PagesProps = { count: number; query: Query; isPartial: boolean; link: LinkTo };

function Pages({ count, query: { page, pageSize }, isPartial, link }: PagesProps) {
  const first = (page - 1) * pageSize + 1;
  const last = Math.min(count, page * pageSize);
  return (
    <div className="flex flex-wrap items-center gap-3 text-ink-3 text-sm">
      <span className="tabular-nums">
        {last >= first ? `${formatCount(first)}–${formatCount(last)} of ` : ""}
        {formatPlural(count, "person", "people")}
      </span>
      {isPartial ? (
        <span className="flex items-center gap-1.5">
          <TriangleAlert aria-hidden className="size-3.5 text-warning" />
          Some calls are unpriced; the real cost is higher
        </span>
      ) : null}
      <nav aria-label="Pages" className="ml-auto flex gap-2">
        <PageLink label="Previous" href={page > 1 ? link({ page: String(page - 1) }) : null} />
        <PageLink label="Next" href={page * pageSize < count ? link({ page: String(page + 1) }) : null} />
      </nav>
    </div>
  );
}

function PageLink({ label, href }: { label: string; href: string | null }) {
  if (href === null) return <Button disabled>{label}</Button>;
  return (
    <Button asChild>
      <Link href={href} scroll={false}>
        {label}
      </Link>
    </Button>
  );
}
