import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'vitest';
import { defaultPolicy } from '#load-tests/gate/objective.ts';
import type { Slo } from '#observability/rules/slo.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import type { Batch } from '#statistics/dispersion.ts';
import { toolsFor } from '#tests/support/tools.ts';
import { readBaselineFile } from '../baseline-file.ts';
import { startRecorder } from '../load/testing/recorder.ts';
import { gateBaselineSchema } from './baseline.ts';
import { gatedOf } from './order.ts';
import { type GateOrder, runGate } from './run.ts';

const { k6 } = await toolsFor('k6');

describe.concurrent('a gate', () => {
  it('passes by what the clients counted where nothing else counts, as soon as it may', async ({ expect }) => {
    await using recorder = await startRecorder(200);
    const run = await gate(recorder.url, [slo('items', '/items')]);
    expect(run.verdict).toMatchObject({ verdict: 'PASS', exitCode: 0 });
    expect(run.verdict.objectives[0]?.n).toBe(run.requests);
    expect(run.seconds).toBeLessThan(30);
  });

  it('never passes while nobody has asked for one of the routes', async ({ expect }) => {
    await using recorder = await startRecorder(200);
    const run = await gate(recorder.url, [slo('items', '/items'), slo('other', '/other')], { durationSeconds: 7 });
    expect(run.verdict).toMatchObject({ verdict: 'INCONCLUSIVE', exitCode: 98 });
    expect(run.verdict.objectives.map(({ verdict }) => verdict)).toEqual(['PASS', 'INCONCLUSIVE']);
    expect(run.seconds).toBeGreaterThan(6.5);
  });

  it('has measured nothing where no answer was what was asked for, though none was an error', async ({ expect }) => {
    await using recorder = await startRecorder(404);
    const { verdict, warnings } = await gate(recorder.url, [slo('items', '/items')]);
    expect(verdict).toMatchObject({ verdict: 'MEASUREMENT FAULT', exitCode: 3 });
    expect(verdict.reason).toBe('No answer was what the scenario asks for.');
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^GET \/items: an answer, no refusal: not so \d+ of \d+ times\.$/),
      ]),
    );
  });

  it('fails where all answers are errors, which is no fault of the measurement', async ({ expect }) => {
    await using recorder = await startRecorder(500);
    const { verdict } = await gate(recorder.url, [slo('items', '/items')]);
    expect(verdict).toMatchObject({ verdict: 'FAIL', exitCode: 99 });
  });

  it('says that Prometheus has gone', async ({ expect }) => {
    await using recorder = await startRecorder(200);
    await using prometheus = await startFading();
    const order = { countsUrl: prometheus.url };
    await expect(gate(recorder.url, [slo('items', '/items')], {}, order)).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: expect.stringMatching(/^Prometheus cannot be read any more: /),
    });
  });

  it('holds a verdict as it was decided, though what came in after it says less', async ({ expect }) => {
    await using recorder = await startRecorder(200);
    // Four in a hundred, for five seconds; then so many good ones that it is as many as may be.
    await using prometheus = await startCounting(5, { bad: 40, total: 1000 }, { bad: 0, total: 5000 });
    const order = { countsUrl: prometheus.url };
    const { verdict } = await gate(recorder.url, [slo('items', '/items', 'outcome="bad"')], {}, order);
    expect(verdict).toMatchObject({ verdict: 'FAIL', exitCode: 99, faults: [] });
    expect(verdict.objectives).toMatchObject([{ verdict: 'FAIL', bad: 200, n: 5000 }]);
  });

  it('that is interrupted says what it had', async ({ expect }) => {
    await using recorder = await startRecorder(404);
    const interrupted = new AbortController();
    const running = gate(recorder.url, [slo('items', '/items')], { signal: interrupted.signal });
    await expect.poll(() => recorder.asked.length, { timeout: 20_000 }).toBeGreaterThan(300);
    interrupted.abort();
    const { verdict, interrupted: early, requests } = await running;
    expect({ early, faults: verdict.faults, n: verdict.objectives[0]?.n }).toEqual({
      early: true,
      faults: [],
      n: requests,
    });
    expect(requests).toBeGreaterThan(0);
  });
});

it('a baseline that cannot have been counted is refused', async ({ expect }) => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'baseline.json');
  const write = (bad: number) =>
    writeFileSync(file, JSON.stringify({ formatVersion: 1, objectives: { a: { bad, total: 1, batches: 1 } } }));
  const read = () => readBaselineFile(file, gateBaselineSchema, { mayBeAbsent: false });
  write(1);
  expect(read()?.objectives.a).toEqual({ bad: 1, total: 1, batches: 1 });
  write(2);
  expect(() => read()).toThrow(/^--baseline: expected what --update-baseline wrote .* expected no more bad than total/);
});

interface How {
  readonly durationSeconds?: number;
  readonly signal?: AbortSignal;
}

async function gate(targetUrl: string, slos: readonly Slo[], how: How = {}, change: Partial<GateOrder> = {}) {
  await using directory = await temporaryDirectory();
  const { durationSeconds = 40, signal = new AbortController().signal } = how;
  const gated = gatedOf({ slos, foreign: true, scenario: 'paths', counted: change.countsUrl !== undefined });
  const objectivesFile = join(directory.path, 'objectives.json');
  writeFileSync(objectivesFile, JSON.stringify(gated.flatMap(({ client }) => client ?? [])));
  const load = {
    scenario: 'paths',
    profile: 'load',
    ratePerSecond: 100,
    durationSeconds,
    seed: 'a',
    cores: 1,
  } as const;
  return await runGate(
    {
      load: { ...load, targetUrl, paths: ['/items'], objectivesFile },
      gated,
      policy: { ...defaultPolicy, assumedPhi: 1 },
      shared: false,
      ...change,
    },
    { k6, directory: directory.path, signal, report: () => undefined },
  );
}

function slo(name: string, route: string, bad = 'code=~"5.."'): Slo {
  const total = `requests_total{path="${route}"}`;
  const sli = { counts: 'bad', events: [total.replace('}', `,${bad}}`)], total: [total] } as const;
  return {
    name,
    displayName: name,
    description: '',
    service: 'shop',
    target: 0.98,
    periodSeconds: 3600,
    groupBy: [],
    tiers: [],
    sli,
  };
}

interface Url extends AsyncDisposable {
  readonly url: string;
}

/** Answers the first questions, and no more. */
function startFading(): Promise<Url> {
  return startPrometheus((asked) => (asked > 4 ? undefined : []));
}

/** Has seen so much more each time it is asked, a second later than before; after so many times something else, once. */
function startCounting(times: number, each: Batch, after: Batch): Promise<Url> {
  const begunMs = Date.now();
  let looks = -1;
  return startPrometheus((_, query) => {
    const ofBad = query.includes('outcome');
    if (!ofBad) looks += 1;
    const of = (look: number) => {
      const counted = Math.min(look, times);
      const more = look > times ? after : { bad: 0, total: 0 };
      return ofBad ? counted * each.bad + more.bad : counted * each.total + more.total;
    };
    return [{ metric: {}, values: [[begunMs / 1000 + looks, String(of(looks))]] }];
  });
}

async function startPrometheus(result: (asked: number, query: string) => readonly unknown[] | undefined): Promise<Url> {
  let asked = 0;
  const server = createServer(async (request, response) => {
    asked += 1;
    const found = result(asked, decodeURIComponent(`${request.url}${await text(request)}`));
    response.writeHead(found === undefined ? 503 : 200);
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: found ?? [] } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
