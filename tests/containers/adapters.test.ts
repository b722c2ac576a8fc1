import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { images } from '#catalog/containers.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import { engineObstacle, type TestEngine, testEngine } from '../engine/test-engine.ts';

const obstacle = await engineObstacle();

describe.skipIf(obstacle !== undefined)('the tests of the adapters', () => {
  it('hold with stores in containers as with processes: here with what the integration tests did not have', async () => {
    await using engine = await testEngine();
    // Where an engine answers, the integration tests take containers by themselves; one of our own only answers here.
    const own = engine.environment.DOCKER_HOST !== undefined;
    const [stores, env] = own ? ['containers', {}] : ['processes', { FIREDRILL_TEST_STORES: 'processes' }];
    const before = Date.now();
    const { all, exitCode } = await integrationTests('mock-services/adapters', { ...engine.environment, ...env });
    expect(all).toContain(`The tests' stores are ${stores}`);
    expect(exitCode, all).toBe(0);
    expect(await started(engine, before)).toEqual(own ? [images.postgres, images.valkey] : []);
    for (const image of [images.postgres, images.valkey]) {
      expect(await engine.docker('ps', '--all', '--quiet', '--filter', `ancestor=${image}`)).toBe('');
    }
    const asked = { ...engine.environment, FIREDRILL_TEST_STORES: 'processes' };
    const few = await integrationTests('mock-services/adapters/queues/full-store', asked);
    expect(few.all).toContain("The tests' stores are processes: asked for.");
    expect(few.exitCode, few.all).toBe(0);
  });
});

function integrationTests(path: string, env: Readonly<Record<string, string>>) {
  const vitest = projectFile('node_modules/vitest/vitest.mjs');
  return execa(process.execPath, [vitest, 'run', '--project', 'integration', path], {
    cwd: projectRoot,
    env,
    reject: false,
    all: true,
  });
}

/** The images of the containers that testcontainers has made since, but for its own. */
async function started(engine: TestEngine, sinceMs: number): Promise<readonly string[]> {
  const window = ['--since', String(sinceMs / 1000), '--until', String(Date.now() / 1000)];
  const which = ['event=create', 'label=org.testcontainers=true'].flatMap((filter) => ['--filter', filter]);
  const lines = await engine.docker('events', ...window, ...which, '--format', '{{.Actor.Attributes.image}}');
  const ours: readonly string[] = [images.postgres, images.valkey];
  return [...new Set(lines.split('\n'))].filter((image) => ours.includes(image)).sort();
}
