"use client";

import { createContext, type RefObject, useContext, useEffect, useMemo } from "react";

type OnNear = (isNear: boolean, heightPx: number) => void;

/** Tells boxes of a scroller when they come near what is seen, and when they go. One observer for all of them. */
export type NearObserver = { observe(element: Element, onNear: OnNear): () => void; disconnect(): void };

/** Two windows above and below: what comes is drawn before it is seen. */
const MARGIN = "200% 0px";

export function useNearObserver(scroller: RefObject<HTMLElement | null>): NearObserver {
  const observer = useMemo(() => createNearObserver(scroller), [scroller]);
  useEffect(() => () => observer.disconnect(), [observer]);
  return observer;
}

function createNearObserver(scroller: RefObject<HTMLElement | null>): NearObserver {
  const listeners = new Map<Element, OnNear>();
  let observer: IntersectionObserver | undefined;
  const open = () =>
    new IntersectionObserver(
      (entries) => {
        for (const entry of entries)
          listeners.get(entry.target)?.(entry.isIntersecting, entry.boundingClientRect.height);
      },
      { root: scroller.current, rootMargin: MARGIN },
    );
  return {
    observe(element, onNear) {
      observer ??= open();
      listeners.set(element, onNear);
      observer.observe(element);
      return () => {
        listeners.delete(element);
        observer?.unobserve(element);
      };
    },
    disconnect() {
      observer?.disconnect();
      observer = undefined;
    },
  };
}

const NearContext = createContext<NearObserver | undefined>(undefined);
export const NearProvider = NearContext.Provider;
export const useNear = () => useContext(NearContext);
