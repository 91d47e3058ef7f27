"use client";

import NextLink from "next/link";
import { type ComponentProps, useState } from "react";

/**
 * A link that is fetched ahead when it is pointed at or focused. By itself Next fetches every link in sight: a settings
 * page would ask the server for all its neighbours, twice each.
 */
export function Link({ onPointerEnter, onFocus, ...props }: ComponentProps<typeof NextLink>) {
  const [isWanted, setWanted] = useState(false);
  return (
    <NextLink
      {...props}
      prefetch={isWanted ? null : false}
      onPointerEnter={(event) => {
        setWanted(true);
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        setWanted(true);
        onFocus?.(event);
      }}
    />
  );
}
