import type { NextConfig } from "next";

const config: NextConfig = {
  // Pages and assets. Streams do not pass through here, and say no-transform besides: gzip would hold every event back.
  compress: true,
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` does; a start waits for the build.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  turbopack: { resolveAlias: { "rehype-raw": "./components/chat/parts/no-raw-html.ts" } },
  serverExternalPackages: ["postgres", "drizzle-orm", "pino"],
};

export default config;
