import { defineConfig } from "vitest/config";

// A zone that is not UTC, so that a test tells the two apart.
process.env.TZ = "Europe/Vienna";

export default defineConfig({
  define: { GRAPH_VERSION: '"test"', PREVIEW_VERSION: '"test"' },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // No limit of how fast anything is: a busy machine draws thousands of nodes in seconds.
    testTimeout: 60_000,
  },
});
