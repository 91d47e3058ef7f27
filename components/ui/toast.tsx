"use client";

import { type ComponentType, lazy, Suspense, useEffect, useState } from "react";
import type { ToastHostProps, toastActs } from "./toast-host";

type ToastAction = { label: string; onClick: () => void };
type ToastOptions = { id?: string; action?: ToastAction };
type Acts = typeof toastActs;

/** What was said before the notices' code was there, in order. */
const waiting: ((acts: Acts) => void)[] = [];
let ready: Acts | null = null;
let start = () => {};

function withHost(act: (acts: Acts) => void): void {
  if (ready) act(ready);
  else {
    waiting.push(act);
    start();
  }
}

/** One line and at most one action. Errors stay until dismissed, as does what is told to `stay`; the same `id` replaces. */
export const toast = {
  show: (text: string, options: ToastOptions = {}) => withHost((acts) => acts.show(text, options)),
  error: (text: string, options: ToastOptions = {}) =>
    withHost((acts) => acts.stay(text, { ...options, isError: true })),
  stay: (text: string, options: ToastOptions = {}) => withHost((acts) => acts.stay(text, options)),
  dismiss: (id: string) => withHost((acts) => acts.dismiss(id)),
};

const ToastHost: ComponentType<ToastHostProps> = lazy(async () => ({
  default: (await import("./toast-host")).ToastHost,
}));

/** Once, in the root layout. The code of notices loads with the first one. */
export function Toaster() {
  const [isNeeded, setNeeded] = useState(false);
  useEffect(() => {
    start = () => setNeeded(true);
    if (waiting.length > 0) start();
    return () => {
      start = () => {};
      ready = null;
    };
  }, []);
  if (!isNeeded) return null;
  return (
    <Suspense>
      <ToastHost onReady={deliver} />
    </Suspense>
  );
}

function deliver(acts: Acts): void {
  ready = acts;
  for (const act of waiting.splice(0)) act(acts);
}
