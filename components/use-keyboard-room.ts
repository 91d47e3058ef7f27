"use client";

import { useEffect } from "react";

/** Less than any on-screen keyboard, more than a browser's bars that come and go. */
const KEYBOARD_PX = 120;
const FRAME_HEIGHT = "--frame-height";

/**
 * Keeps the frame above an on-screen keyboard. Most browsers shrink the page for it (`interactive-widget`); Safari lays
 * it over the page and pushes the page up, so that the top bar leaves and the composer lies under the keys.
 */
export function useKeyboardRoom(): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return;
    const { style } = document.documentElement;
    const fitToView = () => {
      // Who has zoomed in wants to look, not to type.
      const isCovered = view.scale < 1.01 && window.innerHeight - view.height > KEYBOARD_PX;
      if (isCovered) style.setProperty(FRAME_HEIGHT, `calc(${view.height}px - env(safe-area-inset-top, 0px))`);
      else style.removeProperty(FRAME_HEIGHT);
      if (isCovered && view.offsetTop > 0) window.scrollTo(0, 0);
    };
    // A keyboard may be up before this runs.
    fitToView();
    view.addEventListener("resize", fitToView);
    view.addEventListener("scroll", fitToView);
    return () => {
      view.removeEventListener("resize", fitToView);
      view.removeEventListener("scroll", fitToView);
      style.removeProperty(FRAME_HEIGHT);
    };
  }, []);
}
