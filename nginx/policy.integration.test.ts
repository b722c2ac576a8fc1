import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timeouts } from '#catalog/timeouts.ts';
import { freePorts } from '#runner/preflight.ts';
import { seededRandom } from '#tests/support/random.ts';
import { startNginx } from '#tests/support/started-nginx.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { type FailurePolicy, failurePolicy } from './policy.ts';

/**
 * What users get under three answers to the question what nginx counts as a failure of a replica: real nginx, two replicas
 * over HTTP, requests at a constant rate. The figures it prints are those of docs/adr/0001.
 */
const requestsPerSecond = 600;
const readTimeoutSeconds = 1;

const onlyNoAnswer: FailurePolicy = {
  nextUpstream: ['error', 'timeout'],
  readTimeoutSeconds,
  tries: 2,
  maxFails: 3,
  failTimeoutSeconds: 30,
};
const serverErrorsEject: FailurePolicy = {
  ...onlyNoAnswer,
  nextUpstream: ['error', 'timeout', 'http_500', 'http_502', 'http_503'],
};
const serverErrorsRetried: FailurePolicy = {
  ...onlyNoAnswer,
  nextUpstream: ['error', 'timeout', 'http_500'],
  maxFails: 0,
};

const workMs = 30;
const works: Behaviour = (response) => void delay(workMs).then(() => answer(response, 200));
const flaky: readonly [Behaviour, Behaviour] = [failing(0.15, 1), failing(0.2, 2)];
const failsFast: readonly [Behaviour, Behaviour] = [works, (response) => answer(response, 500)];
const hangs: readonly [Behaviour, Behaviour] = [works, () => undefined];

describe('both replicas fail often (15 % and 20 %)', () => {
  it('each gets its half and no user gets an answer made by nginx, when only no answer is a failure', async () => {
    const seen = await measure('15 % / 20 %', 'error timeout, max_fails=3', onlyNoAnswer, flaky);
    expect(seen.userErrorRatio).toBeCloseTo(0.175, 1);
    expect(seen.madeByNginxRatio).toBe(0);
    expect(seen.secondReplicaShare).toBeCloseTo(0.5, 1);
  });

  it('nginx ejects both and refuses nearly everybody, when server errors eject', async () => {
    const seen = await measure('15 % / 20 %', '+ http_500 http_502 http_503, max_fails=3', serverErrorsEject, flaky);
    expect(seen.userErrorRatio).toBeGreaterThan(0.8);
    expect(seen.madeByNginxRatio).toBeGreaterThan(0.8);
  });

  it('users see few errors and the replicas carry the retries, when server errors are retried and never eject', async () => {
    const seen = await measure('15 % / 20 %', '+ http_500, max_fails=0', serverErrorsRetried, flaky);
    expect(seen.userErrorRatio).toBeLessThan(0.07);
    expect(seen.madeByNginxRatio).toBe(0);
    expect(seen.triesPerRequest).toBeGreaterThan(1.1);
  });
});

describe('a replica fails at once, beside one that works', () => {
  it('draws most of the traffic, when only no answer is a failure: the black hole of least_conn', async () => {
    const seen = await measure('100 % at once', 'error timeout, max_fails=3', onlyNoAnswer, failsFast);
    expect(seen.secondReplicaShare).toBeGreaterThan(0.6);
    expect(seen.userErrorRatio).toBeCloseTo(seen.secondReplicaShare, 1);
  });

  it('is left out and seen by nobody, when server errors eject', async () => {
    const seen = await measure(
      '100 % at once',
      '+ http_500 http_502 http_503, max_fails=3',
      serverErrorsEject,
      failsFast,
    );
    expect(seen.userErrorRatio).toBe(0);
    expect(seen.secondReplicaShare).toBeLessThan(0.05);
  });

  it('is hidden from users and asked first by most of them, when server errors are retried and never eject', async () => {
    const seen = await measure('100 % at once', '+ http_500, max_fails=0', serverErrorsRetried, failsFast);
    expect(seen.userErrorRatio).toBe(0);
    expect(seen.triesPerRequest).toBeGreaterThan(1.5);
  });
});

describe.each([
  ['error timeout, max_fails=3', onlyNoAnswer],
  ['+ http_500 http_502 http_503, max_fails=3', serverErrorsEject],
  ['+ http_500, max_fails=0', serverErrorsRetried],
] as const)('a replica gives no answer at all (%s)', (title, policy) => {
  it('a dead one costs no user an error', async () => {
    expect((await measure('dead', title, policy, [works, undefined])).userErrorRatio).toBe(0);
  });

  it('a hung one costs no user an error, and few of them a wait', async () => {
    const seen = await measure('hung', title, policy, hangs, 2);
    expect(seen.userErrorRatio).toBe(0);
    expect(seen.slowRatio).toBeLessThan(0.1);
  });
});

describe('both replicas wait half a second for a database that hangs', () => {
  it('and give up before nginx does: users get their answers, and good ones right after', async () => {
    const givesUp = hangingDatabase(0.7 * readTimeoutSeconds);
    const seen = await measure('gives up first', 'error timeout, max_fails=3', onlyNoAnswer, [givesUp, givesUp], 3);
    expect(seen.madeByNginxRatio).toBe(0);
    expect(seen.userErrorRatio).toBeLessThan(0.25);
  });

  it('and nginx gives up before them: it ejects both, and refuses everybody long after', async () => {
    const waits = hangingDatabase(1.5 * readTimeoutSeconds);
    const seen = await measure('waits longer', 'error timeout, max_fails=3', onlyNoAnswer, [waits, waits], 3);
    expect(seen.madeByNginxRatio).toBeGreaterThan(0.6);
  });
});

describe('both replicas give no answer for half a second, and were left out for it', () => {
  /** Refused from 1 s on, both, for half a second. */
  const outageMs = 500;

  it('users are served as soon as they are back, when who is left out stands in where nobody else is left', async () => {
    expect(await outageLasts({ ...onlyNoAnswer, lastResort: 200 })).toBeLessThan(outageMs + 1_000);
  });

  it('users are refused for as long as replicas are left out, when nobody stands in', async () => {
    expect(await outageLasts({ ...onlyNoAnswer, failTimeoutSeconds: 3 })).toBeGreaterThan(2_500);
  });

  /** From the moment the replicas go away until a user gets an answer of theirs again, in ms. */
  async function outageLasts(policy: FailurePolicy): Promise<number> {
    const ports = await freePorts(2);
    const addresses = ports.replicas.map(({ http }) => ({ host: '127.0.0.1', port: http }));
    const start = () =>
      Promise.all(addresses.map(({ port }) => startReplica(port, (response) => answer(response, 200))));
    let servers = await start();
    await using edge = await startNginx(nginx, {
      listen: { host: '127.0.0.1', port: ports.edge },
      status: { host: '127.0.0.1', port: ports.edgeStatus },
      upstreams: addresses.map((address, index) => ({ name: `backend-${index + 1}`, address })),
      policy,
    });
    const status = async () => (await fetch(`${edge.url}/api/backend/data`)).status;
    expect(await status()).toBe(200);
    for (const server of servers) server.close().closeAllConnections();
    const goneMs = performance.now();
    while (performance.now() - goneMs < outageMs) expect(await status()).toBe(502);
    servers = await start();
    while ((await status()) !== 200) await delay(10);
    for (const server of servers) server.close().closeAllConnections();
    return performance.now() - goneMs;
  }
});

it('the policy in force is the one that was decided', () => {
  expect(failurePolicy).toEqual({ ...onlyNoAnswer, readTimeoutSeconds: timeouts.edgeReadSeconds, lastResort: 200 });
});

type Behaviour = (response: ServerResponse) => void;

interface Seen {
  readonly userErrorRatio: number;
  /** Answers no replica gave. */
  readonly madeByNginxRatio: number;
  /** Share of all answers that the second replica gave. */
  readonly secondReplicaShare: number;
  /** Requests that reached replicas, for each request of a user. */
  readonly triesPerRequest: number;
  /** Took longer than nginx waits for one replica. */
  readonly slowRatio: number;
}

const table: string[] = [
  '| second replica | policy | users see errors | made by nginx | share of the second | tries a request | > read timeout |',
  '|---|---|---|---|---|---|---|',
];
let nginx: string;

beforeAll(async () => {
  ({ nginx } = await toolsFor('nginx'));
});

afterAll(() => {
  process.stdout.write(`\n${table.join('\n')}\n`);
});

async function measure(
  scenario: string,
  title: string,
  policy: FailurePolicy,
  behaviours: readonly [Behaviour | undefined, Behaviour | undefined],
  seconds = 1,
): Promise<Seen> {
  const ports = await freePorts(2);
  const addresses = ports.replicas.map(({ http }) => ({ host: '127.0.0.1', port: http }));
  let tries = 0;
  const servers = await Promise.all(
    behaviours.map((behave, index) =>
      behave === undefined
        ? undefined
        : startReplica(addresses[index]?.port ?? 0, (response) => {
            tries += 1;
            response.setHeader('x-replica', String(index + 1));
            behave(response);
          }),
    ),
  );
  await using edge = await startNginx(nginx, {
    listen: { host: '127.0.0.1', port: ports.edge },
    status: { host: '127.0.0.1', port: ports.edgeStatus },
    upstreams: addresses.map((address, index) => ({ name: `backend-${index + 1}`, address })),
    policy,
  });
  const answers = await load(`${edge.url}/api/backend/data`, requestsPerSecond * seconds);
  for (const server of servers) server?.close().closeAllConnections();

  const share = (matches: (answer: Answer) => boolean) => answers.filter(matches).length / answers.length;
  const seen: Seen = {
    userErrorRatio: share(({ status }) => status >= 500),
    madeByNginxRatio: share(({ replica }) => replica === undefined),
    secondReplicaShare: share(({ replica }) => replica === '2'),
    triesPerRequest: tries / answers.length,
    slowRatio: share(({ tookMs }) => tookMs > 1000 * readTimeoutSeconds),
  };
  const percent = (ratio: number) => `${(100 * ratio).toFixed(1)} %`;
  table.push(
    `| ${scenario} | ${title} | ${percent(seen.userErrorRatio)} | ${percent(seen.madeByNginxRatio)} | ` +
      `${percent(seen.secondReplicaShare)} | ${seen.triesPerRequest.toFixed(2)} | ${percent(seen.slowRatio)} |`,
  );
  return seen;
}

interface Answer {
  readonly status: number;
  readonly replica: string | undefined;
  readonly tookMs: number;
}

/** Open model: requests leave at the given rate, whatever becomes of those before them. */
async function load(url: string, requests: number): Promise<readonly Answer[]> {
  const agent = new Agent({ connections: 1024 });
  const pending: Promise<Answer>[] = [];
  const begin = performance.now();
  while (pending.length < requests) {
    const due = ((performance.now() - begin) / 1000) * requestsPerSecond;
    while (pending.length < Math.min(due, requests)) pending.push(ask(url, agent));
    await delay(2);
  }
  const answers = await Promise.all(pending);
  await agent.close();
  return answers;
}

async function ask(url: string, dispatcher: Agent): Promise<Answer> {
  const begin = performance.now();
  const { statusCode, headers, body } = await request(url, { dispatcher });
  await body.dump();
  return { status: statusCode, replica: headers['x-replica']?.toString(), tookMs: performance.now() - begin };
}

async function startReplica(port: number, respond: Behaviour): Promise<Server> {
  const server = createServer((_request, response) => respond(response));
  server.keepAliveTimeout = 75_000;
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return server;
}

function answer(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end('{}');
}

/** Answers 503 after the wait to whoever asks within half a second of the first, and works then. */
function hangingDatabase(waitSeconds: number): Behaviour {
  let firstMs: number | undefined;
  return (response) => {
    firstMs ??= performance.now();
    const hangs = performance.now() - firstMs < 500;
    void delay(hangs ? 1000 * waitSeconds : workMs).then(() => answer(response, hangs ? 503 : 200));
  };
}

/** Fails the given share of requests, as slowly as it works, by a sequence that is the same in every run. */
function failing(ratio: number, seed: number): Behaviour {
  const random = seededRandom(seed);
  return (response) => {
    const status = random() < ratio ? 500 : 200;
    void delay(workMs).then(() => answer(response, status));
  };
}
