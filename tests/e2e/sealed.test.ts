import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { FaultOrder } from '#catalog/control.ts';
import type { Target } from '#chaos/engine/target.ts';
import { injectFault } from '#chaos/faults/inject.ts';
import { countLines } from '#chaos/probes/loki-client.ts';
import type { OpenStack } from '#runner/stack.ts';
import { readState } from '#runner/state.ts';
import { drillTarget } from '#runner/target.ts';
import { startServices } from '#tests/support/native.ts';
import { everythingTold, type Told } from '#tests/support/told.ts';

const { signal } = new AbortController();
const soon = { timeout: 30_000, interval: 250 };

let stack: OpenStack;
let target: Target;
/** While nothing is broken. */
let usual: readonly Told[];

beforeAll(async () => {
  stack = await startServices();
  stack.sealFaults();
  target = await drillTarget(stack, stack.directory);
  await serve();
  usual = await told();
});
afterAll(() => stack?.[Symbol.asyncDispose]());

type Broken = readonly [fault: string, target: string, args: FaultOrder['args']];

it.each<readonly [where: string, faults: readonly Broken[]]>([
  [
    'in a replica',
    [
      ['latency', 'backend-1', { delayMs: 300 }],
      ['poison-message', 'backend-1', { count: 3 }],
      ['stale-data', 'backend-2', {}],
      ['route-regression', 'backend-2', { routes: ['/api/backend/users'] }],
    ],
  ],
  [
    'on the network',
    [
      ['network-latency', 'postgres', { delayMs: 50 }],
      ['network-slicer', 'backend-2', { sizeBytes: 256, pauseMs: 1 }],
    ],
  ],
  ['by a release', [['bad-release', 'backend-1', { setting: 'max-in-flight' }]]],
  ['in nginx', [['edge-bad-config', 'nginx', { mistake: 'wrong-port' }]]],
  ['in a process', [['process-pause', 'backend-2', {}]]],
])('nothing that can be read says what is broken %s', async (_where, faults) => {
  const ids = faults.map(() => randomBytes(8).toString('hex'));
  const injected = await Promise.all(
    faults.map(([fault, name, args], index) =>
      injectFault(target, name, ids[index] ?? '', { fault, args, seed: 'sealed', leaseSeconds: 60 }, signal),
    ),
  );
  await serve();
  const now = await told();
  await Promise.all(injected.map((one) => one.revert()));

  expect(now.length).toBeGreaterThan(170);
  // Who hangs says nothing; all others do.
  const hang = faults.flatMap(([fault, name]) => (fault === 'process-pause' ? portsOf(name) : []));
  const silent = now.filter(({ text }) => text === '').map(({ where }) => Number(/:(\d+)\//.exec(where)?.[1]));
  expect(silent.filter((port) => !hang.includes(port))).toEqual([]);
  const unusual = [...ids, ...faults.flatMap(wordsOf)].flatMap((word) => {
    const known = new Set(linesWith(word, usual));
    return linesWith(word, now).filter((line) => !known.has(line));
  });
  expect(unusual).toEqual([]);
  expect(
    ['fault', 'faults', 'platform/faults', 'chaos', 'keeper', 'sealed'].flatMap((word) => linesWith(word, now)),
  ).toEqual([]);
});

it('what is searched for would be found', async () => {
  expect(linesWith('latency', usual).length).toBeGreaterThan(0);
  await fetch(`${target.urls.edge}/api/backend/network-slicer`);
  await serve();
  const places = linesWith('network-slicer', await told()).map((line) => line.split(' ')[0]);
  expect(places).toEqual(expect.arrayContaining(['run/nginx/logs/access.log', 'logs/backend-#.log']));
});

function portsOf(replica: string): readonly number[] {
  const index = target.replicas.findIndex(({ name }) => name === replica);
  return Object.values(stack.options.ports.replicas[index] ?? {});
}

function told(): Promise<readonly Told[]> {
  const state = readState(stack.directory);
  if (state === undefined) throw new Error('no stack');
  return everythingTold(state, stack.directory);
}

/** The name of a fault as anybody may write it, and those of its arguments that can be nothing else. */
function wordsOf([fault, , args]: Broken): readonly string[] {
  const camel = fault.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const names = [fault, fault.replaceAll('-', '_'), fault.replaceAll('-', ' '), camel];
  const given = Object.entries(args)
    .flat()
    .filter((word) => typeof word === 'string' && /-|[a-z][A-Z]/.test(word));
  return [...new Set([...names, ...(given as string[])])];
}

/** Where a word is said, and around what; without numbers, which change. */
function linesWith(word: string, all: readonly Told[]): readonly string[] {
  // A word of its own, where it is one that others use, too; of what nobody else says any part of a word.
  const pattern = new RegExp(/^[a-z]+$/.test(word) ? `(?<![\\w-])${word}(?![\\w-])` : word);
  return all.flatMap(({ where, text }) =>
    text
      .split(/[\n,]/)
      .filter((line) => pattern.test(line))
      .map((line) => {
        const at = line.search(pattern);
        return `${where}  ${line.slice(Math.max(0, at - 40), at + 40)}`.replace(/\d+/g, '#');
      }),
  );
}

/** What users ask, until the logs have it. */
async function serve(): Promise<void> {
  const paths = ['data?limit=10', 'data?limit=10&nocache', 'data/1', 'users', 'status', 'queue', 'data/summary'];
  const ask = async (path: string) => {
    const answer = fetch(`${target.urls.edge}/api/backend/${path}`, { signal: AbortSignal.timeout(3000) });
    return await answer.then(
      async (response) => {
        await response.arrayBuffer();
        return response.headers.get('x-request-id');
      },
      () => null,
    );
  };
  const asked = await Promise.all(Array.from({ length: 5 }, () => paths.map(ask)).flat());
  const last = asked.findLast((id) => id !== null);
  const period = () => ({ fromMs: Date.now() - 60_000, toMs: Date.now() });
  const line = `{service_name="nginx"} | request_id="${last}"`;
  const isLogged = async () => (await countLines(target.urls.loki, line, [], period(), signal)).length > 0;
  await vi.waitUntil(isLogged, soon);
}
