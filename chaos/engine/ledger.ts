import type { Channel } from '#catalog/alerting.ts';
import type { Clock } from './clock.ts';
import type { ResponseEvent } from './response-events.ts';
import type { Limit, LoadResult, OperationEvent, TopologyEntry } from './target.ts';

/** What can stand in a ledger. Times in the payload are Unix milliseconds, everything else says its unit. */
export type LedgerEvent =
  | {
      readonly event: 'drill-started';
      readonly drill: string;
      readonly title: string;
      readonly seed: string;
      readonly timeScale: number;
      readonly expect: Expectations;
    }
  | { readonly event: 'load-started'; readonly scenario: string; readonly ratePerSecond: number }
  | {
      readonly event: 'probe';
      readonly phase: Phase;
      readonly name: string;
      readonly held: boolean;
      readonly observed: string;
      readonly expected: string;
    }
  | { readonly event: 'steady-state'; readonly phase: Phase; readonly held: boolean }
  | {
      readonly event: 'injected';
      readonly id: string;
      readonly fault: string;
      readonly target: string;
      readonly args: Readonly<Record<string, unknown>>;
      /** When it was ordered: a replica that is restarted is away before the fault is in force. */
      readonly beganAtMs?: number;
    }
  | { readonly event: 'first-bad-request'; readonly status: number; readonly upstream: string }
  | {
      readonly event: 'pending' | 'firing';
      readonly alert: string;
      /** What tells alerts of this name apart, such as `backend-2`. */
      readonly subject?: string;
      readonly severity: string;
    }
  | {
      readonly event: NotificationEvent;
      readonly alert: string;
      readonly subject?: string;
      readonly severity: string;
      /** What it was told by: only the pager wakes anybody. */
      readonly channel?: Channel;
    }
  | {
      /** Somebody was told of an alert while the stack was not yet proven to be well: no answer to a fault, and no false page. */
      readonly event: 'unsettled';
      readonly alert: string;
      readonly subject?: string;
      readonly severity: string;
    }
  | { readonly event: 'sli-moved' | 'sli-recovered'; readonly sli: string; readonly value: number }
  | { readonly event: 'reverted'; readonly id: string; readonly target: string; readonly leaseIntact: boolean }
  | {
      readonly event: 'measured';
      /** 0..1 over all requests while the fault was active and the page was not there yet. */
      readonly errorRatio: number;
      readonly baselineRatio: number;
      readonly historySeconds: number;
      /** What the slowest request took that ended while the fault was active, or after it. */
      readonly requestSeconds: number;
      readonly requests: number;
      readonly badRequests: number;
      /** Share of the requests that each replica answered while the fault was active, 0..1. */
      readonly trafficShare: Readonly<Record<string, number>>;
    }
  | ({ readonly event: 'limit'; readonly what: 'detection' | 'reset'; readonly alert: string } & Limit)
  | {
      readonly event: 'topology';
      readonly services: readonly TopologyEntry[];
      /** Null when a replica could not be asked. */
      readonly activeFaults: number | null;
    }
  | {
      readonly event: 'machine';
      /** Share of the time since the load began in which something waited for a processor, 0..1: on a starved machine users wait, too. */
      readonly processorWaitShare: number;
    }
  | ({ readonly event: 'load-finished'; readonly ratePerSecond: number } & LoadResult)
  | { readonly event: 'time-limit'; readonly limitSeconds: number }
  | OperationEvent
  | ResponseEvent
  | { readonly event: 'drill-finished' };

type NotificationEvent = 'notified' | 'escalated' | 'acknowledged' | 'resolved';

export type Phase = 'before' | 'after';

export interface Expectations {
  readonly mustFire: readonly ExpectedAlert[];
  readonly mayFire: readonly string[];
  readonly slis: readonly { readonly name: string; readonly moves: boolean; readonly recoversWithinSeconds: number }[];
  readonly faults: number;
}

export interface ExpectedAlert {
  readonly alert: string;
  /** `limit`, or seconds. */
  readonly within: 'limit' | number;
  readonly resolvesWithin: 'limit' | number;
  /** It may be over before its fault is. */
  readonly intermittent: boolean;
}

/** One line of a ledger: what, when, and by whose clock. */
export type LedgerEntry = LedgerEvent & {
  readonly sequence: number;
  readonly atMs: number;
  /** Who saw it: `runner`, `prometheus`, `loki`, `alertmanager webhook`, `backend-2 control port`, `k6`. */
  readonly source: string;
};

export type EntryOf<Name extends LedgerEvent['event']> = LedgerEntry & Having<LedgerEvent, Name>;

type Having<Event, Name> = Event extends { readonly event: infer Names } ? (Name extends Names ? Event : never) : never;

/** Append-only. */
export interface Ledger {
  /** `atMs` is now by the runner's clock unless the source has a time of its own. */
  append(event: LedgerEvent, source?: string, atMs?: number): LedgerEntry;
  readonly entries: readonly LedgerEntry[];
}

/** `write` is told each entry as it is made, so that a ledger on disk survives a crash. */
export function createLedger(clock: Clock, write: (entry: LedgerEntry) => void): Ledger {
  const entries: LedgerEntry[] = [];
  return {
    entries,
    append(event, source = 'runner', atMs = clock.nowMs()) {
      const entry = { sequence: entries.length, atMs, source, ...event };
      entries.push(entry);
      write(entry);
      return entry;
    },
  };
}

/** When an alert paged or was taken back, and from when that is counted: the injection, or the revert. */
export function alertArrival(entries: readonly LedgerEntry[], alert: string, what: 'detection' | 'reset'): Arrival {
  const ofAlert = (entry: { alert: string }): boolean => entry.alert === alert;
  if (what === 'reset') {
    return { from: entriesOf(entries, 'reverted').at(-1), mark: entriesOf(entries, 'resolved').findLast(ofAlert) };
  }
  const from = entriesOf(entries, 'injected')[0];
  return { from, notBeforeMs: firstHarmAtMs(entries), mark: entriesOf(entries, 'notified').find(ofAlert) };
}

export interface Arrival {
  readonly from: LedgerEntry | undefined;
  /** From when on it can have been caused, where that is earlier. */
  readonly notBeforeMs?: number | undefined;
  readonly mark: LedgerEntry | undefined;
}

/** From when on users may feel the first fault: its order, which for a restart is a while before it is in force. */
export function firstHarmAtMs(entries: readonly LedgerEntry[]): number | undefined {
  const [injected] = entriesOf(entries, 'injected');
  return injected?.beganAtMs ?? injected?.atMs;
}

/** When the stack was proven to be well; undefined as long as it is not. */
export function steadySinceMs(entries: readonly LedgerEntry[]): number | undefined {
  return entriesOf(entries, 'steady-state').find(({ phase, held }) => phase === 'before' && held)?.atMs;
}

/** All entries of one kind, oldest first by their own clocks. */
export function entriesOf<Name extends LedgerEvent['event']>(
  entries: readonly LedgerEntry[],
  name: Name,
): EntryOf<Name>[] {
  return entries.filter((entry): entry is EntryOf<Name> => entry.event === name).sort((a, b) => a.atMs - b.atMs);
}
