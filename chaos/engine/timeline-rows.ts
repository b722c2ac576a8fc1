import type { Channel } from '#catalog/alerting.ts';
import { entriesOf, type LedgerEntry } from './ledger.ts';

/** One line of the story a ledger tells. */
export interface TimelineRow {
  /** Seconds since the drill started. */
  readonly atSeconds: number;
  /** Seconds since the mark it is measured from: the injection, or for what follows the end of the fault, that. */
  readonly sinceSeconds: number | undefined;
  readonly sinceWhat: 'fault' | 'revert' | undefined;
  readonly mark: string;
  readonly detail: string;
  readonly source: string;
}

/** The entries that tell the story, in order of time; proofs and figures that the report shows elsewhere are left out. */
export function timelineRows(ledger: readonly LedgerEntry[]): readonly TimelineRow[] {
  const startedAtMs = ledger[0]?.atMs ?? 0;
  const injectedAtMs = entriesOf(ledger, 'injected')[0]?.atMs;
  const revertedAtMs = entriesOf(ledger, 'reverted').at(-1)?.atMs;
  return ledger
    .flatMap((entry) => {
      const told = describeEntry(entry);
      return told ? [{ entry, ...told }] : [];
    })
    .sort((a, b) => a.entry.atMs - b.entry.atMs || a.entry.sequence - b.entry.sequence)
    .map(({ entry, mark, detail }) => ({
      atSeconds: (entry.atMs - startedAtMs) / 1000,
      mark,
      detail,
      source: entry.source,
      ...since(entry.atMs, injectedAtMs, revertedAtMs),
    }));
}

/** What an entry means, in the words of the story; undefined when it is not part of it. */
export function describeEntry(entry: LedgerEntry): { mark: string; detail: string } | undefined {
  switch (entry.event) {
    case 'load-started':
      return { mark: 'load', detail: `${entry.scenario}, ${entry.ratePerSecond} requests/s` };
    case 'steady-state':
      return {
        mark: entry.phase === 'before' ? 'steady state' : 'baseline',
        detail: entry.held ? 'proven, every probe held' : 'NOT proven',
      };
    case 'injected':
      return { mark: 'injected', detail: `${entry.fault} on ${entry.target} (${describeArgs(entry.args)})` };
    case 'first-bad-request':
      return { mark: 'first bad request', detail: `${entry.status} from ${entry.upstream}` };
    case 'pending':
    case 'firing':
      return { mark: entry.event, detail: named(entry) };
    case 'notified':
    case 'escalated':
    case 'acknowledged':
    case 'resolved':
      return { mark: entry.event, detail: `${named(entry)}${byChannel(entry.channel)}` };
    case 'unsettled':
      return { mark: 'not yet well', detail: named(entry) };
    case 'sli-moved':
      return { mark: 'users feel it', detail: `${entry.sli}: ${percent(entry.value)}` };
    case 'sli-recovered':
      return { mark: 'SLI recovered', detail: `${entry.sli}: ${percent(entry.value)}` };
    case 'reverted':
      return { mark: 'reverted', detail: entry.leaseIntact ? entry.target : `${entry.target}, which had ended early` };
    case 'load-finished':
      return { mark: 'load ended', detail: `${entry.requests} requests offered, ${entry.droppedIterations} dropped` };
    default:
      return describeResponse(entry);
  }
}

/** What somebody who responded did, and what was done to the stack. */
function describeResponse(entry: LedgerEntry): { mark: string; detail: string } | undefined {
  switch (entry.event) {
    case 'operation': {
      const what = [entry.name, ...entry.targets].join(' ');
      return { mark: 'operation', detail: entry.ok ? what : `${what}, which failed: ${entry.problem ?? ''}` };
    }
    case 'control-access':
      return {
        mark: 'by hand',
        detail: `somebody called ${entry.at ?? 'the keeper of the faults'}${entry.admitted ? '' : ', and was refused'}`,
      };
    case 'hinted':
      return { mark: 'hint', detail: `${entry.text} (${entry.cost} points)` };
    case 'answered':
      return { mark: 'diagnosed', detail: `${entry.component}, ${entry.cause}` };
    case 'mitigated':
      return { mark: 'mitigated', detail: entry.does };
    case 'users-well':
      return { mark: 'proven', detail: `users have been well for ${entry.keptSeconds.toFixed(1)} s` };
    case 'given-up':
      return { mark: entry.how, detail: 'by whoever responded' };
    case 'load-lost':
      return { mark: 'load lost', detail: entry.problem };
    case 'silenced':
      return { mark: 'silenced', detail: `${entry.alerts.join(', ')}, by ${entry.by || 'somebody'}` };
    case 'time-limit':
      return { mark: 'too late', detail: `the time limit of ${entry.limitSeconds} s has passed` };
    default:
      return undefined;
  }
}

function named({ alert, subject = '' }: { readonly alert: string; readonly subject?: string | undefined }): string {
  return subject === '' ? alert : `${alert} ${subject}`;
}

/** A page says so by its name. */
function byChannel(channel: Channel = 'pager'): string {
  return channel === 'pager' ? '' : ` (${channel})`;
}

export function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function describeArgs(args: Readonly<Record<string, unknown>>): string {
  return Object.entries(args)
    .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function since(atMs: number, injectedAtMs: number | undefined, revertedAtMs: number | undefined) {
  if (revertedAtMs !== undefined && atMs > revertedAtMs) {
    return { sinceSeconds: (atMs - revertedAtMs) / 1000, sinceWhat: 'revert' } as const;
  }
  if (injectedAtMs !== undefined && atMs > injectedAtMs) {
    return { sinceSeconds: (atMs - injectedAtMs) / 1000, sinceWhat: 'fault' } as const;
  }
  return { sinceSeconds: undefined, sinceWhat: undefined };
}
