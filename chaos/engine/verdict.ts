import { findFault } from '#catalog/faults/faults.ts';
import {
  type Arrival,
  alertArrival,
  type EntryOf,
  type ExpectedAlert,
  entriesOf,
  firstHarmAtMs,
  type LedgerEntry,
  type Phase,
} from './ledger.ts';

/** A drill held, or it deviated from what its file promised; every claim with what was seen. */
export interface Verdict {
  readonly held: boolean;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly claim: string;
  readonly held: boolean;
  readonly observed: string;
}

/** Decides from the ledger alone. */
export function judge(ledger: readonly LedgerEntry[]): Verdict {
  const start = entriesOf(ledger, 'drill-started')[0];
  if (!start) return { held: false, findings: [missing('the drill was started')] };
  const before = steadyState(ledger, 'before');
  const always = [nothingElse(ledger, start), ...withinTime(ledger), loadDelivered(ledger), topologyIntact(ledger)];
  // Nothing is broken in a stack that is not well: there is nothing to say about what did not happen.
  if (!before.held) return { held: false, findings: [before, ...always] };
  const findings = [
    before,
    ...(start.expect.faults > 0 ? [faultsInForce(ledger, start)] : []),
    ...start.expect.mustFire.flatMap((expected) => mustFire(ledger, expected)),
    ...start.expect.slis.flatMap((sli) => sliFindings(ledger, sli, start.expect.faults > 0)),
    ...always,
    steadyState(ledger, 'after'),
  ];
  return { held: findings.every(({ held }) => held), findings };
}

function steadyState(ledger: readonly LedgerEntry[], phase: Phase): Finding {
  const claim = phase === 'before' ? 'the steady state was proven before' : 'the baseline is back after';
  const proof = entriesOf(ledger, 'steady-state').findLast((entry) => entry.phase === phase);
  if (!proof) return missing(claim);
  const broken = entriesOf(ledger, 'probe').filter((probe) => probe.phase === phase && !probe.held);
  const notHeld = broken.map((probe) => `${probe.name}: ${probe.observed}, expected ${probe.expected}`).join('; ');
  const observed = proof.held ? 'every probe held' : notHeld || 'in the end every probe held, but not for long enough';
  return { claim, held: proof.held, observed };
}

function faultsInForce(ledger: readonly LedgerEntry[], start: EntryOf<'drill-started'>): Finding {
  const claim = 'every fault was in force for its whole time, and reverted';
  const injected = entriesOf(ledger, 'injected');
  const reverted = entriesOf(ledger, 'reverted');
  const lapsed = reverted.filter(({ leaseIntact }) => !leaseIntact);
  const held = injected.length === start.expect.faults && reverted.length === injected.length && lapsed.length === 0;
  const observed = `${injected.length} of ${start.expect.faults} injected, ${reverted.length} reverted, ${lapsed.length} ended early`;
  return { claim, held, observed };
}

function mustFire(ledger: readonly LedgerEntry[], expected: ExpectedAlert): Finding[] {
  const paged = alertArrival(ledger, expected.alert, 'detection');
  const resolved = alertArrival(ledger, expected.alert, 'reset');
  return [
    arrival(`${expected.alert} pages`, paged, bound(ledger, expected, 'detection')),
    paged.mark || resolved.mark
      ? arrival(`${expected.alert} resolves`, resolved, bound(ledger, expected, 'reset'))
      : { claim: `${expected.alert} resolves`, held: false, observed: 'it never paged' },
  ];
}

interface Bound {
  /** Absent: as early as it likes. */
  readonly fromSeconds?: number;
  readonly toSeconds: number;
}

function bound(
  ledger: readonly LedgerEntry[],
  expected: ExpectedAlert,
  what: 'detection' | 'reset',
): Bound | undefined {
  const isDetection = what === 'detection';
  const within = isDetection ? expected.within : expected.resolvesWithin;
  const limit =
    within === 'limit'
      ? entriesOf(ledger, 'limit').find((entry) => entry.alert === expected.alert && entry.what === what)
      : { earliestSeconds: 0, latestSeconds: within };
  if (!limit) return undefined;
  const mayBeEarly = !isDetection && expected.intermittent;
  return { ...(mayBeEarly ? {} : { fromSeconds: limit.earliestSeconds }), toSeconds: limit.latestSeconds };
}

function arrival(what: string, { from, notBeforeMs, mark }: Arrival, limit: Bound | undefined): Finding {
  if (!limit) return missing(`${what} within its closed form`);
  // A ledger that was read back has null here: JSON knows no infinity.
  if (!Number.isFinite(limit.toSeconds)) {
    const observed = mark ? 'it did, although so few errors should not' : 'it never did: so few errors never make it';
    return { claim: what, held: false, observed };
  }
  const { fromSeconds = Number.NEGATIVE_INFINITY, toSeconds } = limit;
  const claim = `${what} within ${limit.fromSeconds === undefined ? '' : `${seconds(fromSeconds)} to `}${seconds(toSeconds)}`;
  if (!from || !mark) return { claim, held: false, observed: 'it never did' };
  const took = (mark.atMs - from.atMs) / 1000;
  const soonest = (mark.atMs - (notBeforeMs ?? from.atMs)) / 1000;
  return { claim, held: soonest >= fromSeconds && took <= toSeconds, observed: `after ${seconds(took)}` };
}

function nothingElse(ledger: readonly LedgerEntry[], start: EntryOf<'drill-started'>): Finding {
  const expected = new Set([...start.expect.mustFire.map(({ alert }) => alert), ...start.expect.mayFire]);
  const claim = expected.size === 0 ? 'no alert fires' : 'no other alert fires';
  const injectedAtMs = firstHarmAtMs(ledger) ?? Number.POSITIVE_INFINITY;
  const loud = [...entriesOf(ledger, 'firing'), ...entriesOf(ledger, 'notified')];
  const others = new Set(loud.filter(({ alert }) => !expected.has(alert)).map(({ alert }) => alert));
  const early = new Set(
    loud
      .filter(({ alert, atMs }) => expected.has(alert) && atMs < injectedAtMs)
      .map(({ alert }) => `${alert} before the fault`),
  );
  const unexpected = [...others, ...early];
  const unsettled = [...new Set(entriesOf(ledger, 'unsettled').map(({ alert }) => alert))].join(', ');
  const silent = unsettled === '' ? 'silent' : `silent; ${unsettled} fired while the stack was not yet well`;
  return { claim, held: unexpected.length === 0, observed: unexpected.length === 0 ? silent : unexpected.join(', ') };
}

/** Said of a drill that had to be ended only. */
function withinTime(ledger: readonly LedgerEntry[]): Finding[] {
  return entriesOf(ledger, 'time-limit').map(({ limitSeconds }) => ({
    claim: `it is over within its time limit of ${seconds(limitSeconds)}`,
    held: false,
    observed: 'it was ended',
  }));
}

function sliFindings(
  ledger: readonly LedgerEntry[],
  sli: { name: string; moves: boolean; recoversWithinSeconds: number },
  broken: boolean,
): Finding[] {
  const moved = entriesOf(ledger, 'sli-moved').find((entry) => entry.sli === sli.name);
  const recovered = entriesOf(ledger, 'sli-recovered').find((entry) => entry.sli === sli.name);
  const reverted = entriesOf(ledger, 'reverted').at(-1);
  const moves: Finding = {
    claim: `${sli.name} moves, so users feel the fault`,
    held: moved !== undefined,
    observed: moved ? `it reached ${moved.value.toPrecision(3)}` : 'it did not',
  };
  const recovers = arrival(
    `${sli.name} recovers`,
    { from: reverted, mark: recovered },
    { fromSeconds: 0, toSeconds: sli.recoversWithinSeconds },
  );
  return [...(sli.moves ? [moves] : []), ...(broken ? [recovers] : [])];
}

/** Load that was not offered proves nothing; this much covers the start and the end of the generator. */
const offeredTolerance = 0.005;
const startAndEndSeconds = 0.1;

export function loadDelivered(ledger: readonly LedgerEntry[]): Finding {
  const claim = 'the promised load was really offered';
  const load = entriesOf(ledger, 'load-finished')[0];
  if (!load) return missing(claim);
  const promised = load.ratePerSecond * load.durationSeconds;
  const short = Math.max(0, promised - load.requests);
  const held =
    load.requests > 0 &&
    load.droppedIterations === 0 &&
    short <= Math.max(promised * offeredTolerance, load.ratePerSecond * startAndEndSeconds);
  const rate = (load.requests / load.durationSeconds).toFixed(1);
  return {
    claim,
    held,
    observed: `${load.requests} requests in ${seconds(load.durationSeconds)} (${rate}/s of ${load.ratePerSecond}/s), ${load.droppedIterations} dropped`,
  };
}

function topologyIntact(ledger: readonly LedgerEntry[]): Finding {
  const claim = 'the topology is intact and no fault is left';
  const [before, after] = [entriesOf(ledger, 'topology')[0], entriesOf(ledger, 'topology').at(-1)];
  if (!before || !after || before === after) return missing(claim);
  const ended = new Set(
    entriesOf(ledger, 'injected').flatMap(({ fault, target }) => (findFault(fault)?.endsProcess ? [target] : [])),
  );
  const changed = before.services.filter((service) => {
    const now = after.services.find(({ name }) => name === service.name);
    return now?.state !== service.state || (now.restarts !== service.restarts && !ended.has(service.name));
  });
  const held = changed.length === 0 && after.services.length === before.services.length && after.activeFaults === 0;
  const observed = held
    ? `${after.services.length} services as before`
    : `${changed.map(({ name }) => name).join(', ') || 'no service'} changed, ${after.activeFaults ?? 'nobody knows how many'} faults active`;
  return { claim, held, observed };
}

function missing(claim: string): Finding {
  return { claim, held: false, observed: 'the ledger does not say' };
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
