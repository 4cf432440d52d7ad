import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    maxWorkers: 1,
    passWithNoTests: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    projects: [
      {
        extends: true,
        test: { name: 'packages', include: ['packages/*/test/**/*.long.test.ts', 'examples/http-server/test/**/*.long.test.mjs'] },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['integration/test/**/*.long.test.ts'],
          globalSetup: ['integration/support/global-setup.ts'],
        },
      },
    ],
  },
})
