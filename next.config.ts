import type { NextConfig } from "next";

const config: NextConfig = {
  // `lib/server/page-answer.ts` does, in one piece.
  compress: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` does; a start waits for the build.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  turbopack: {
    resolveAlias: {
      "../createLucideIcon.mjs": "./components/ui/create-icon.ts",
      "rehype-raw": "./components/chat/parts/no-raw-html.ts",
      "tailwind-merge": "./components/chat/parts/plain-classes.ts",
    },
  },
  serverExternalPackages: ["postgres", "drizzle-orm", "pino"],
};

export default config;
