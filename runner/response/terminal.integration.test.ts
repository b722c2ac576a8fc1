import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type At, ledgerOf, won } from '#chaos/testing/played-ledger.ts';
import { openTerminal, type ResponseTerminal } from './terminal.ts';

const page = {
  status: 'firing',
  channel: 'pager',
  severity: 'page',
  alert: 'EdgeAvailabilityBurnRate',
  labels: {},
  receivedAtMs: Date.now(),
  runbook: '',
};

const bell = '\u0007';
let said: string;
let chat: { readonly type: string | undefined; readonly body: unknown }[];
let tell: (told: object) => void;
let terminal: ResponseTerminal;
const server = createServer(async (request, response) => {
  chat.push({ type: request.headers['content-type'], body: JSON.parse(await text(request)) });
  response.destroy();
});

beforeEach(async () => {
  [said, chat] = ['', []];
  vi.stubEnv('NO_COLOR', undefined);
  vi.stubEnv('FORCE_COLOR', '1');
  vi.spyOn(process.stdout, 'write').mockImplementation((words) => {
    said += words;
    return true;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  terminal.close();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

it('a page rings the bell and goes to the chat, as Slack takes it; that the chat is away does not matter', async () => {
  open('blind');
  play(won());
  tell(page);
  expect(said).toContain(bell);
  await expect.poll(() => chat).toHaveLength(1);
  expect(chat).toEqual([
    {
      type: 'application/json',
      body: { text: expect.stringMatching(/^[0-9:]{8} {2}page: EdgeAvailabilityBurnRate fires$/) },
    },
  ]);
});

it.each([
  ['an escalated page', { status: 'escalated', receivers: ['second'] }, true, 1],
  ['a page that is over', { status: 'resolved' }, false, 1],
  ['a ticket', { channel: 'tickets', severity: 'ticket' }, false, 0],
])('%s', async (_what, change, rings, posts) => {
  open('blind');
  play(won());
  tell({ ...page, ...change });
  expect(said.includes(bell)).toBe(rings);
  // The last is told after all others.
  tell(page);
  await expect.poll(() => chat).toHaveLength(posts + 1);
});

it('nobody is told anything before it begins, or once it is over', () => {
  open('blind');
  tell(page);
  play(won());
  const begun = said;
  terminal.close();
  tell(page);
  expect(said).toBe(begun);
  expect(begun).not.toContain('EdgeAvailabilityBurnRate');
});

it('guided, it says at each step what to do next, once', () => {
  open('guided');
  play(won());
  const steps = [...stripVTControlCharacters(said).matchAll(/^▸ (.{10})/gm)].map(([, step]) => step);
  expect(steps).toEqual(['You are on', 'Take it, s', 'Who is hur', 'End it. Wh', 'That is en', 'It is over']);
  expect(said).toContain('docs/runbooks/A.md');
  expect(stripVTControlCharacters(said)).toContain('A title. You have 15 minutes.');
});

it('who gives up is told that it ends', () => {
  open('guided');
  play([...won().filter(([at]) => at < 40), [40, { event: 'given-up', how: 'revealed' }]]);
  expect(said).toContain('It is over. What it was follows.');
});

it('blind, it says nothing but that something may break, and that it is over', () => {
  open('blind');
  play(won());
  const steps = [...stripVTControlCharacters(said).matchAll(/^▸ (.+)/gm)].map(([, step]) => step);
  expect(steps).toEqual([expect.stringMatching(/^It is over\. .+ once all that was started anew serves again\.$/)]);
  expect(said).toContain('Something may break, or nothing. You have 15 minutes.');
  expect(said).toContain(`sealed: sha256 ${'c'.repeat(64)}`);
  expect(said).not.toMatch(/sick|A title|runbooks/);
});

function open(mode: 'guided' | 'blind'): void {
  const address = server.address();
  const stack = {
    notifications: {
      listen: (listener: (told: object) => void) => {
        tell = listener;
        return () => {
          tell = () => undefined;
        };
      },
    },
    options: { ports: { replicas: [], prometheus: 9090 } },
    status: () => [],
  };
  const drill = {
    metadata: { name: 'sick', title: 'A title' },
    timeLimit: 900,
    faults: [{}],
    runbook: 'docs/runbooks/A.md',
  };
  terminal = openTerminal({
    ...{ drill, mode, stack },
    commitment: 'c'.repeat(64),
    stateDirectory: '',
    webhook: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
  } as unknown as Parameters<typeof openTerminal>[0]);
}

/** Entry by entry. */
function play(marks: readonly At[]): void {
  const entries = ledgerOf(...marks);
  for (const [index, entry] of entries.entries()) terminal.follow(entry, () => entries.slice(0, index + 1));
}
