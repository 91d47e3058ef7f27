import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { Gallery } from "@/components/gallery/gallery";
import { parseTheme, THEME_COOKIE } from "@/components/theme";
import { getRuntime } from "@/lib/server/runtime";

export const metadata: Metadata = { title: "Gallery" };

/** `npm run dev`, and a built product that was asked for it. */
export default async function GalleryPage() {
  const { isDevelopment, env } = getRuntime();
  if (!isDevelopment && env.SLIPWAY_GALLERY === "0") notFound();
  return <Gallery theme={parseTheme((await cookies()).get(THEME_COOKIE)?.value)} />;
}
