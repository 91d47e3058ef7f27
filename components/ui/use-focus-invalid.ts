"use client";

import { useEffect, useRef } from "react";

/**
 * For a form that the server checks (`noValidate`): its own words stand under each field, all at once. Takes the focus to
 * the first of them when they come.
 */
export function useFocusInvalid(error: unknown) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [error]);
  return form;
}
