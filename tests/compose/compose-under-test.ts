import { afterAll, beforeAll, vi } from 'vitest';
import { composeProject } from '#runner/runtimes/compose/project.ts';
import type { RuntimeUnderTest } from '#tests/conformance/conformance.ts';
import { type TestEngine, testEngine } from '#tests/engine/test-engine.ts';

/** In a `describe`: its tests, and all that they start, have an engine to themselves. */
export function composeUnderTest(): RuntimeUnderTest {
  let engine: TestEngine;

  beforeAll(async () => {
    engine = await testEngine();
    for (const [name, value] of Object.entries(engine.environment)) vi.stubEnv(name, value);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await engine?.[Symbol.asyncDispose]();
  });

  return {
    runtime: 'compose',
    leftovers: (stateDirectory) => engine.belongings(composeProject(stateDirectory, '').name),
  };
}
