import { defineConfig } from 'vitest/config';

const generous = { testTimeout: 120_000, hookTimeout: 120_000 };
/** Live stacks: one after the other, and apart from what shares workers. */
const alone = (groupOrder: number) => ({ fileParallelism: false, sequence: { groupOrder } });

/** Nine suites; those on containers skip where there is no Docker engine and none can be started; retries stay 0: a flaky test is a defect. */
export default defineConfig({
  test: {
    retry: 0,
    // Most tests wait most of the time: more than there are processors.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', 'tests/**', '**/*.integration.test.ts'],
          // Some fuzz for a second, and more where the machine has more to do.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: 'mock-services/testing/store-setup.ts',
          // promtool alone takes a whole processor.
          maxConcurrency: 2,
          ...generous,
        },
      },
      { test: { name: 'contract', include: ['tests/contract/**/*.test.ts'], ...generous } },
      ...['e2e', 'conformance', 'load', 'containers', 'compose'].map((name, index) => ({
        test: {
          name,
          include: [`tests/${name}/**/*.test.ts`],
          ...alone(1 + index),
          testTimeout: 900_000,
          // Where images have to be built.
          hookTimeout: 1_800_000,
        },
      })),
      // Its two runtimes beside each other.
      {
        test: {
          name: 'proof',
          include: ['tests/proof/**/*.test.ts'],
          sequence: { groupOrder: 6 },
          testTimeout: 900_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
