import { expect, it } from 'vitest';
import { defaultPolicy } from '#load-tests/gate/objective.ts';
import { foreignObjective } from '#load-tests/thresholds.ts';
import type { Slo } from '#observability/rules/slo.ts';
import { slosOfStack } from '../rules.ts';
import { readSlos } from '../slo/files.ts';
import { gatedOf, leastRequestsOf } from './order.ts';

const own = { slos: await slosOfStack(), foreign: false, counted: true } as const;
const names = (gated: ReturnType<typeof gatedOf>) => gated.map(({ slo }) => slo.name);

it('what is decided is what the scenario has to do with, or what was named', () => {
  expect(names(gatedOf({ ...own, scenario: 'browse' }))).toEqual(['edge-availability', 'edge-latency']);
  expect(names(gatedOf({ ...own, scenario: 'journey' }))).toEqual([
    'edge-availability',
    'edge-latency',
    'write-availability',
  ]);
  expect(names(gatedOf({ ...own, scenario: 'browse', only: ['write-availability'] }))).toEqual(['write-availability']);
});

it("of somebody else's SLOs all are decided, in words of their own", async () => {
  const slos = (await readSlos(['examples/foreign-service/slos.yaml'])).map(({ slo }) => slo);
  const narrow = slos.map((slo) => ({
    ...slo,
    sli: { ...slo.sli, total: slo.sli.total.map((text) => text.replace('}', ',path="/a"}')) },
  }));
  const gated = gatedOf({ slos: narrow, foreign: true, scenario: 'paths', counted: false });
  expect(gated.map(({ objective }) => objective)).toEqual([
    { name: 'shop-availability', bad: 'failed', limit: 0.02 },
    { name: 'shop-latency', bad: 'took longer than 0.25 s', limit: 0.02 },
  ]);
  expect(gated.map(({ isTime }) => isTime)).toEqual([false, true]);
});

it('what cannot be decided is refused by name', () => {
  const refused = (change: Partial<Parameters<typeof gatedOf>[0]>) => () =>
    gatedOf({ ...own, scenario: 'browse', ...change });
  expect(refused({ only: ['edge'] })).toThrow(/^--objective: expected one of .*edge-availability.* \(got "edge"\)$/);
  expect(refused({ only: ['cache-effectiveness'], counted: false })).toThrow(
    /^--prometheus: expected, because no client can tell .* cache-effectiveness/,
  );
  expect(refused({ only: ['replica-availability'] })).toThrow(
    '--objective: expected one without groups (got "replica-availability", by upstream)',
  );
});

it('as many requests are needed as the strictest objective takes', () => {
  const gated = gatedOf({ ...own, scenario: 'browse' });
  expect(leastRequestsOf(gated, defaultPolicy)).toBe(4102);
  expect(leastRequestsOf(gated.slice(1), defaultPolicy)).toBe(2046);
});

it('a zone around each limit takes a fraction of the requests', () => {
  const zone = { good: 0.5, bad: 1.5 };
  const gated = gatedOf({ ...own, scenario: 'browse', zone });
  expect(gated.map(({ objective }) => objective.zone)).toEqual([
    { good: 0.0025, bad: 0.0075 },
    { good: 0.005, bad: 0.015 },
  ]);
  expect(leastRequestsOf(gated, { ...defaultPolicy, assumedPhi: 1 })).toBe(586);
  expect(() => gatedOf({ ...own, scenario: 'browse', zone: { good: 0, bad: 300 } })).toThrow(
    /^edge-availability: zone: expected shares good < bad/,
  );
});

it("somebody else's SLO is understood by the usual names of labels", async () => {
  const [availability, latency] = (await readSlos(['examples/foreign-service/slos.yaml'])).map(({ slo }) => slo);
  expect(foreignObjective(availability as Slo)).toEqual({
    name: 'shop-availability',
    displayName: 'The shop answers',
    allowedBadRatio: 0.02,
    covers: [],
    bad: { kind: 'answered', matchers: [{ label: 'status', operator: '=~', value: '5..' }], not: false },
  });
  expect(foreignObjective(latency as Slo)?.bad).toEqual({ kind: 'slower', thanSeconds: 0.25 });
  const of = (sli: Partial<Slo['sli']>) =>
    foreignObjective({ ...(availability as Slo), sli: { ...(availability as Slo).sli, ...sli } });
  expect(of({ events: ['a{uri="/x",code="500"}'], total: ['a{uri="/x"}'] })?.covers).toEqual([
    { label: 'route', operator: '=', value: '/x' },
  ]);
  expect(of({ events: ['a{uri="/x",code="500"}'], total: ['a{uri="/x"}'] })?.bad).toMatchObject({
    matchers: [{ value: '500' }],
  });
  const badOf = (events: string, total: string, counts: 'good' | 'bad' = 'bad') =>
    of({ events: [events], total: [total], counts })?.bad;
  const code500 = { label: 'status', operator: '=', value: '500' };
  expect(badOf('a{code="500",uri="500"}', 'a{uri="500"}')).toMatchObject({ matchers: [code500] });
  expect(badOf('a{code="500"}', 'a{code="501"}')).toMatchObject({ matchers: [code500] });
  expect(badOf('a{code="500"}', 'a{code!="500"}')).toMatchObject({ matchers: [code500] });
  expect(badOf('a{code!="404",code="500"}', 'a{code!="404"}')).toEqual({
    kind: 'answered',
    matchers: [code500],
    not: false,
  });
  expect(badOf('a{code="200"}', 'a', 'good')).toMatchObject({ matchers: [{ value: '200' }], not: true });
  for (const events of [
    ['errors_total'],
    ['a{outcome="bad"}'],
    ['a{uri="/x"}'],
    ['a_bucket{le="1"}'],
    ['a{code="1"}', 'a{code="2"}'],
  ]) {
    expect(of({ events })).toBeUndefined();
  }
});
