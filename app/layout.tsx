import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "@/components/providers";
import { parseTheme, THEME_COOKIE } from "@/components/theme";
import { TIME_ZONE_COOKIE } from "@/components/ui/time-zone";
import { isTimeZone } from "@/lib/format";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Slipway", template: "%s · Slipway" },
  description: "Background coding agents on your own machine.",
  robots: { index: false, follow: false },
  referrer: "same-origin",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  // The page shrinks for the keyboard; where that is not known, `useKeyboardRoom` does it.
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#101113" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const theme = parseTheme(jar.get(THEME_COOKIE)?.value);
  const zone = jar.get(TIME_ZONE_COOKIE)?.value;
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme} suppressHydrationWarning>
      <body>
        <Providers nowMs={Date.now()} timeZone={zone && isTimeZone(zone) ? zone : "UTC"}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
