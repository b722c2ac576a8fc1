import { entriesOf, type LedgerEntry } from '../engine/ledger.ts';
import { type Finding, loadDelivered } from '../engine/verdict.ts';

/** A step of the wall's clock beyond this is no correction of a time server. */
const clockToleranceMs = 1000;

/** What has to hold for a drill to be won, whatever was done: decided from the ledger alone. */
export function oracles(ledger: readonly LedgerEntry[], faults: number): readonly Finding[] {
  return [
    ...(faults > 0 ? [usersWell(ledger)] : []),
    allRunning(ledger),
    allServing(ledger),
    loadKept(ledger),
    dataKept(ledger),
    rulesKept(ledger),
    nothingSilenced(ledger),
    faultsUntouched(ledger),
    clockKept(ledger),
  ];
}

function usersWell(ledger: readonly LedgerEntry[]): Finding {
  const claim = 'users are well again, and stayed so';
  const well = entriesOf(ledger, 'users-well')[0];
  return finding(claim, well !== undefined, well ? `for ${well.keptSeconds.toFixed(1)} s` : 'they never were for long');
}

/** Replicas that an accepted mitigation leaves out. */
function leftOut(ledger: readonly LedgerEntry[]): ReadonlySet<string> {
  return new Set(entriesOf(ledger, 'mitigated').flatMap(({ without }) => without));
}

function allRunning(ledger: readonly LedgerEntry[]): Finding {
  const claim = 'nothing was stopped that ran before';
  const seen = entriesOf(ledger, 'topology');
  const [before, after] = [seen[0], seen.at(-1)];
  if (!before || !after || before === after) return unknown(claim);
  const exempt = leftOut(ledger);
  const gone = before.services
    .filter(({ name, state }) => state === 'ready' && !exempt.has(name))
    .map(({ name }) => ({ name, now: after.services.find((service) => service.name === name)?.state ?? 'gone' }))
    .filter(({ now }) => now !== 'ready');
  return finding(claim, gone.length === 0, gone.map(({ name, now }) => `${name} is ${now}`).join(', ') || 'all run');
}

function allServing(ledger: readonly LedgerEntry[]): Finding {
  const claim = 'as many replicas serve as before, but for what the mitigation leaves out';
  const seen = entriesOf(ledger, 'serving');
  const [before, after] = [seen[0], seen.at(-1)];
  if (!before || !after || before === after) return unknown(claim);
  const idle = idleReplicas(ledger, after.byReplica);
  return finding(claim, idle.length === 0, idle.length === 0 ? 'all serve' : `${idle.join(', ')} got no request`);
}

/** Replicas that served at first, are not left out by what was done, and serve nobody now. */
export function idleReplicas(ledger: readonly LedgerEntry[], now: Readonly<Record<string, number>>): readonly string[] {
  const exempt = leftOut(ledger);
  return Object.entries(entriesOf(ledger, 'serving')[0]?.byReplica ?? {})
    .filter(([name, requests]) => name.startsWith('backend-') && requests > 0 && !exempt.has(name))
    .map(([name]) => name)
    .filter((name) => (now[name] ?? 0) === 0);
}

function loadKept(ledger: readonly LedgerEntry[]): Finding {
  const lost = entriesOf(ledger, 'load-lost')[0];
  const delivered = loadDelivered(ledger);
  return lost ? { ...delivered, held: false, observed: lost.problem } : delivered;
}

function dataKept(ledger: readonly LedgerEntry[]): Finding {
  const claim = 'no data is lost: what was there, and what users were told is stored';
  const seen = entriesOf(ledger, 'data');
  const [before, after] = [seen[0], seen.at(-1)];
  if (!before || !after?.promised) return unknown(claim);
  const { stored, promised } = after;
  const rows = promised.rows - (stored.addedRows - before.stored.addedRows);
  const messages = Math.max(promised.messages, before.stored.accepted) - stored.accepted;
  const astray = stored.accepted - stored.accountedFor;
  const problems = [
    ...(stored.digest === before.stored.digest ? [] : ['rows of the beginning are not as they were']),
    ...(rows > 0 ? [`${rows} of ${promised.rows} added rows are gone`] : []),
    ...(messages > 0 ? [`${messages} accepted messages are forgotten`] : []),
    ...(astray === 0 ? [] : [`of ${stored.accepted} accepted messages ${stored.accountedFor} are accounted for`]),
  ];
  const kept = `rows as before, ${stored.addedRows} added, ${stored.accepted} messages accounted for`;
  return finding(claim, problems.length === 0, problems.join('; ') || kept);
}

function rulesKept(ledger: readonly LedgerEntry[]): Finding {
  const claim = "the alerts' rules and routes are as they were";
  const digests = entriesOf(ledger, 'rules').map(({ digest }) => digest);
  if (digests.length < 2) return unknown(claim);
  const isSame = digests.every((digest) => digest === digests[0]);
  return finding(claim, isSame, isSame ? 'the same at the start, in the end and between' : 'they were changed');
}

function nothingSilenced(ledger: readonly LedgerEntry[]): Finding {
  const silences = entriesOf(ledger, 'silenced');
  const observed = silences.map(({ alerts, by }) => `${by || 'somebody'} silenced ${alerts.join(', ')}`);
  return finding('the page was not silenced', silences.length === 0, observed.join('; ') || 'no silence');
}

function faultsUntouched(ledger: readonly LedgerEntry[]): Finding {
  // Who was refused has changed nothing, and learnt nothing.
  const calls = entriesOf(ledger, 'control-access').filter(({ admitted }) => admitted);
  const places = [...new Set(calls.map(({ at = 'the keeper' }) => at))];
  const observed = calls.length === 0 ? 'nobody did' : `somebody called ${places.join(', ')}`;
  return finding('nobody touched the faults by hand', calls.length === 0, observed);
}

function clockKept(ledger: readonly LedgerEntry[]): Finding {
  const claim = 'the clock was not changed';
  const shifts = entriesOf(ledger, 'clock').map(({ shiftMs }) => shiftMs);
  if (shifts.length === 0) return unknown(claim);
  const worst = shifts.reduce((most, shift) => (Math.abs(shift) > Math.abs(most) ? shift : most), 0);
  return finding(claim, Math.abs(worst) <= clockToleranceMs, `it moved by ${(worst / 1000).toFixed(3)} s`);
}

function finding(claim: string, held: boolean, observed: string): Finding {
  return { claim, held, observed };
}

function unknown(claim: string): Finding {
  return finding(claim, false, 'the ledger does not say');
}
