import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metrics } from '#catalog/signals.ts';
import { parseDrill } from '#chaos/engine/parse.ts';
import { queryVector } from '#chaos/probes/prometheus-client.ts';
import { projectFile, projectRoot } from '#runner/project.ts';
import type { OpenStack } from '#runner/stack.ts';
import { startServices } from '#tests/support/native.ts';

const { signal } = new AbortController();
let stack: OpenStack;
let prometheus: string;

beforeAll(async () => {
  stack = await startServices();
  const { ports } = stack.options;
  prometheus = `http://127.0.0.1:${ports.prometheus}`;
  const answers = ['/data?limit=5', '/data?limit=5', '/data?limit=5&nocache', '/users', '/users?page=0'].map((path) =>
    fetch(`http://127.0.0.1:${ports.edge}/api/backend${path}`),
  );
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 400]);
});
afterAll(() => stack[Symbol.asyncDispose]());

const found = { timeout: 30_000, interval: 250 };

describe('the signals of the running stack', () => {
  it('come from every target that Prometheus scrapes', async () => {
    const up = async () =>
      (await queryVector(prometheus, 'up == 1', signal)).map(({ labels }) => labels.instance).sort();
    const all = ['alertmanager', 'backend-1', 'backend-2', 'collector', 'jaeger', 'loki', 'nginx', 'prometheus'];
    await expect.poll(up, found).toEqual(all);
    expect(await queryVector(prometheus, 'up', signal)).toHaveLength(all.length);
  });

  it.each(Object.values(metrics))('include %s', async (name) => {
    const selector = `{__name__=~"${name}(_bucket)?"}`;
    await expect.poll(async () => (await queryVector(prometheus, selector, signal)).length, found).toBeGreaterThan(0);
  });

  it.each(drillQueries())('answer the query of a drill: %s', async (query) => {
    const underTraffic = async () => {
      await fetch(`http://127.0.0.1:${stack.options.ports.edge}/api/backend/users`);
      return await queryVector(prometheus, query, signal);
    };
    await expect.poll(async () => (await underTraffic()).length, found).toBe(1);
  });
});

function drillQueries(): readonly string[] {
  const drills = globSync('chaos/drills/*.yaml', { cwd: projectRoot });
  const queries = drills.flatMap((file) => {
    const { steadyState, expect: expected } = parseDrill(readFileSync(projectFile(file), 'utf8'), file);
    const ofProbes = steadyState.probes.flatMap((probe) => ('promql' in probe ? [probe.promql.query] : []));
    return [...ofProbes, ...expected.slis.map(({ query }) => query)];
  });
  return [...new Set(queries)];
}
