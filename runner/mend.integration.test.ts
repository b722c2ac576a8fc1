import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { mend } from './mend.ts';

interface Held {
  readonly id: string;
  readonly fault: string;
  readonly injectedAtMs: number;
}

const { signal } = new AbortController();
const servers: Server[] = [];
const reverted: string[] = [];

afterEach(async () => {
  reverted.length = 0;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

it('mends newest first whatever fails between, wherever it is held', async () => {
  const holders = [
    await holder('keeper', [held('a', 1), held('b', 3)], { refuses: 'b' }),
    await holder('backend-1', [held('c', 2)]),
  ];
  expect(await mend(holders, () => true, signal)).toEqual({
    mended: ['fault c on backend-1', 'fault a on keeper'],
    failed: [expect.stringMatching(/^fault b on keeper: .*500/)],
    known: ['a', 'b', 'c'],
    silent: [],
  });
  expect(reverted).toEqual(['b', 'c', 'a']);
});

it('mends what is in a replica that hung until the fault was mended by which it hung', async () => {
  const holders = [
    await holder('keeper', [held('a', 1)]),
    await holder('backend-1', [held('b', 2)], { hangs: () => !reverted.includes('a') }),
    await holder('backend-2', [held('c', 3)], { hangs: () => true }),
  ];
  expect(await mend(holders, () => true, signal)).toEqual({
    mended: ['fault a on keeper', 'fault b on backend-1'],
    failed: [],
    known: ['a', 'b'],
    silent: ['backend-2'],
  });
});

it('mends only what is meant', async () => {
  const one = await holder('keeper', [held('a', 1), held('b', 2)]);
  expect(await mend([one], ({ id }) => id === 'a', signal)).toMatchObject({ mended: ['fault a on keeper'] });
  expect(reverted).toEqual(['a']);
});

function held(id: string, injectedAtMs: number): Held {
  return { id, fault: `fault ${id}`, injectedAtMs };
}

/** Who holds these faults; one that hangs ends the connection, as nobody wants to wait for it. */
async function holder(
  name: string,
  faults: readonly Held[],
  { refuses, hangs = () => false }: { readonly refuses?: string; readonly hangs?: () => boolean } = {},
) {
  const server = createServer((request, response) => {
    if (hangs()) return response.destroy();
    const id = request.url?.slice('/faults/'.length) ?? '';
    if (request.method === 'GET') return response.end(JSON.stringify({ active: faults }));
    reverted.push(id);
    return response.writeHead(id === refuses ? 500 : 204).end();
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { name, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, token: 't' };
}
