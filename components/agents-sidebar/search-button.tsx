"use client";

import { Search } from "lucide-react";
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { IconButton } from "../ui/icon-button";
import { Kbd } from "../ui/kbd";

const SearchDialog = lazy(async () => ({ default: (await import("./search-dialog")).SearchDialog }));

const SearchContext = createContext<() => void>(() => {});

/** Around the agents' pages: Ctrl or Cmd K opens the search anywhere, and closes it. */
export function SearchProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      setOpen((current) => !current);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <SearchContext value={() => setOpen(true)}>
      {children}
      {isOpen ? (
        <Suspense>
          <SearchDialog onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </SearchContext>
  );
}

const neverChanges = () => () => {};

/** The sidebar's line below New agent. */
export function SearchRow() {
  const open = useContext(SearchContext);
  const isMac = useSyncExternalStore(
    neverChanges,
    () => /Mac|iPhone|iPad/.test(navigator.platform),
    () => false,
  );
  return (
    <button
      type="button"
      aria-keyshortcuts={isMac ? "Meta+K" : "Control+K"}
      onClick={open}
      className="focus-ring-inset flex h-7.5 w-full items-center gap-2 rounded-sm px-2 text-left font-medium text-ink-2 hover:bg-hover [&>svg]:text-ink-3"
    >
      <Search aria-hidden />
      <span className="flex-1">Search</span>
      <Kbd>{isMac ? "⌘K" : "Ctrl K"}</Kbd>
    </button>
  );
}

/** The same in a phone's head. */
export function SearchIcon() {
  return <IconButton icon={Search} label="Search" onClick={useContext(SearchContext)} className="size-11" />;
}
