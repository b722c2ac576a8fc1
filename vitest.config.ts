import { defineConfig } from 'vitest/config';

const generous = { testTimeout: 120_000, hookTimeout: 120_000 };

/** Five suites, cheapest first; `compose` skips where there is no Docker engine and none can be started; retries stay 0: a flaky test is a defect. */
export default defineConfig({
  test: {
    retry: 0,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', 'tests/**', '**/*.integration.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ['**/node_modules/**'],
          maxWorkers: 3,
          ...generous,
        },
      },
      { test: { name: 'contract', include: ['tests/contract/**/*.test.ts'], ...generous } },
      {
        test: {
          name: 'compose',
          include: ['tests/compose/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
