import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statusOf } from '#mock-services/testing/answers.ts';
import { call } from '#mock-services/testing/client.ts';
import { startServices } from '#tests/support/native.ts';

/** Put into every place of a request that a client can fill. None of them may be found in what the stack tells. */
const seeds = {
  body: 'seed-in-a-body-7f3a',
  payload: 'seed-in-a-payload-91bc',
  query: 'seed-in-a-query-0d2e',
  token: 'eyJhbGciOiJIUzI1NiJ9.seed-in-a-token.5c77',
  cookie: 'seed-in-a-cookie-e1f0',
  address: 'jane.seed@example.org',
} as const;

/** What a secret or a person looks like, whoever's it is. */
const suspicious = [/[\w.+-]+@[\w-]+\.(com|org|net)\b/g, /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, /\bBearer\s+\S+/g];

describe('logs, spans and labels of the whole stack', () => {
  it('hold no secret, no e-mail address and no payload, whatever clients send and however it ends', async () => {
    await using stack = await startServices([], { traceShare: 1 });
    const { ports } = stack.options;
    const edge = `http://127.0.0.1:${ports.edge}`;
    const secret = stack.tokenSecret;
    const headers = { cookie: `session=${seeds.cookie}`, 'x-forwarded-user': seeds.address };
    const row = { name: seeds.body, value: 1, metadata: { contact: seeds.address, password: seeds.body } };
    const message = { type: 'data.updated', payload: { email: seeds.address, card: seeds.payload }, priority: 'low' };
    const as = (role: 'viewer' | 'editor' | 'admin', body?: unknown) => ({ role, secret, headers, body });
    const statuses = [
      await call(`${edge}/api/backend/users?limit=100`, 'GET', { headers }),
      await call(`${edge}/api/backend/data?limit=${seeds.query}`, 'GET', { headers }),
      await call(`${edge}/api/backend/data?access_token=${seeds.query}&email=${seeds.address}`, 'GET', { headers }),
      await call(`${edge}/api/backend/data/${seeds.address}`, 'GET', { headers }),
      await call(`${edge}/api/backend/data/${encodeURIComponent(seeds.address)}`, 'GET', { headers }),
      await call(`${edge}/api/backend/data`, 'POST', as('editor', row)),
      await call(`${edge}/api/backend/data`, 'POST', as('editor', { ...row, value: seeds.body })),
      await call(`${edge}/api/backend/data`, 'POST', as('viewer', row)),
      await call(`${edge}/api/backend/queue`, 'POST', as('editor', message)),
      await call(`${edge}/api/backend/data`, 'GET', {
        headers: { ...headers, authorization: `Bearer ${seeds.token}` },
      }),
      await call(`${edge}/api/backend/error/database?email=${seeds.address}`, 'GET', { headers }),
      await call(`${edge}/api/backend/error/crash?email=${seeds.address}`, 'GET', { headers }),
      // Only nginx sees it.
      await call(`${edge}/people/${seeds.address}?email=${seeds.query}`, 'GET', { headers }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 400, 200, 400, 400, 201, 400, 403, 202, 401, 502, 500, 404]);

    const found = { timeout: 30_000, interval: 250 };
    const spansOf = async (service: string) =>
      await (await fetch(`http://127.0.0.1:${ports.jaeger}/api/traces?service=${service}&limit=1000`)).text();
    const spans = async () => `${await spansOf('backend')}${await spansOf('nginx')}`;
    await expect.poll(spans, found).toContain('INSERT data');
    await expect.poll(spans, found).toContain('GET /api/backend/error/:type');
    await expect.poll(spans, found).toContain('/people/');
    await expect
      .poll(async () => (await call(`${edge}/api/backend/queue/dead-letter`, 'GET', as('admin'))).text(), found)
      .toContain(seeds.payload);

    // The replica that crashed comes back first.
    const replicas = ports.replicas.map(({ http }) => `http://127.0.0.1:${http}`);
    const ready = async () => await Promise.all(replicas.map((url) => statusOf(`${url}/health/ready`)));
    await expect.poll(ready, found).toEqual(replicas.map(() => 200));
    const exposed = await Promise.all(
      [...replicas, `http://127.0.0.1:${ports.nginxExporter}`].map(async (url) =>
        (await fetch(`${url}/metrics`)).text(),
      ),
    );
    const logs = globSync('{logs/*,run/nginx/logs/*}', { cwd: stack.directory }).map((file) =>
      readFileSync(join(stack.directory, file), 'utf8'),
    );
    // What is scanned has something in it.
    expect(logs.join('\n')).toContain('"error_code":"VALIDATION_ERROR"');
    const everything = [await spans(), ...exposed, ...logs];
    const secrets = [...Object.values(seeds), secret, stack.controlToken];
    for (const text of everything) {
      for (const each of secrets) expect(text.includes(each), each).toBe(false);
      for (const pattern of suspicious) expect(text.match(pattern)).toBeNull();
    }
  });
});
