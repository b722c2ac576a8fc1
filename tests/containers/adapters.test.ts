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
    await using watched = watchStores(engine);
    const { all, exitCode } = await integrationTests('mock-services/adapters', { ...engine.environment, ...env });
    expect(all).toContain(`The tests' stores are ${stores}`);
    expect(exitCode, all).toBe(0);
    expect(watched.images()).toEqual(own ? [images.postgres, images.valkey] : []);
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

/** Whose containers testcontainers makes from now on. The engine itself remembers the last 256 events only: health checks are most of them. */
function watchStores({ environment, path }: TestEngine) {
  const which = ['event=create', 'label=org.testcontainers=true'].flatMap((filter) => ['--filter', filter]);
  const since = ['--since', String(Date.now() / 1000)];
  const events = execa('docker', ['events', ...since, ...which, '--format', '{{.Actor.Attributes.image}}'], {
    env: { ...environment, PATH: path },
    reject: false,
  });
  let seen = '';
  events.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  const stores: readonly string[] = [images.postgres, images.valkey];
  return {
    images: () => [...new Set(seen.split('\n'))].filter((image) => stores.includes(image)).sort(),
    [Symbol.asyncDispose]: async () => {
      events.kill();
      await events;
    },
  };
}
