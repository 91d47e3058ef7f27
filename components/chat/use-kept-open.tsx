"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";

/** What a person opened and closed in each row of a chat, by the row's key. Rows far away are not drawn and forget it. */
export type OpenMemory = Map<string, Map<string, boolean>>;

const MemoryContext = createContext<OpenMemory | null>(null);
const RowContext = createContext<Map<string, boolean> | null>(null);

/** Around a transcript: lives as long as its page. */
export function OpenMemoryProvider({ children }: { children: ReactNode }) {
  const [memory] = useState<OpenMemory>(() => new Map());
  return <MemoryContext value={memory}>{children}</MemoryContext>;
}

/** Around one row: what opens inside it is remembered under its key. */
export function RowMemoryProvider({ rowKey, children }: { rowKey: string; children: ReactNode }) {
  const memory = useContext(MemoryContext);
  const row = useMemo(() => memory && openRow(memory, rowKey), [memory, rowKey]);
  return <RowContext value={row}>{children}</RowContext>;
}

function openRow(memory: OpenMemory, rowKey: string): Map<string, boolean> {
  const known = memory.get(rowKey);
  if (known) return known;
  const row = new Map<string, boolean>();
  memory.set(rowKey, row);
  return row;
}

/**
 * Whether a person opened or closed something in this row; undefined before they did. `slot` names the thing among
 * those of its row.
 */
export function useKeptOpen(slot: string): [chosen: boolean | undefined, choose: (isOpen: boolean) => void] {
  const row = useContext(RowContext);
  const [chosen, setChosen] = useState(() => row?.get(slot));
  const choose = (isOpen: boolean) => {
    row?.set(slot, isOpen);
    setChosen(isOpen);
  };
  return [chosen, choose];
}
