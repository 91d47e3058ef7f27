import type { KeyboardEvent } from "react";

/** An input method uses Enter and arrows itself; Safari says so by the key code alone. */
export const isComposing = (event: KeyboardEvent): boolean => event.nativeEvent.isComposing || event.keyCode === 229;

/** Enter sends; with Shift or Alt it breaks the line, and an input method's own Enter does neither. */
export const isSubmitKey = (event: KeyboardEvent): boolean =>
  event.key === "Enter" && !event.shiftKey && !event.altKey && !isComposing(event);
