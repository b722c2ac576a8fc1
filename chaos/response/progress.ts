import { type EntryOf, entriesOf, type LedgerEntry } from '../engine/ledger.ts';

/** How far whoever responds has come, and how it ended. */
export type Progress =
  | { readonly state: 'on-call' }
  | { readonly state: 'paged'; readonly page: EntryOf<'notified'> }
  | { readonly state: 'acknowledged'; readonly page: EntryOf<'notified'> }
  | { readonly state: 'diagnosed' }
  | { readonly state: 'mitigated' }
  | { readonly state: 'recovered' }
  | { readonly state: 'over'; readonly how: 'done' | 'revealed' | 'aborted' | 'too-late' | 'no-load' };

/** The marks that times are counted between, Unix milliseconds; absent while they have not been reached. */
export interface Marks {
  readonly brokenAtMs?: number;
  readonly pagedAtMs?: number;
  readonly acknowledgedAtMs?: number;
  readonly diagnosedAtMs?: number;
  readonly mitigatedAtMs?: number;
  readonly recoveredAtMs?: number;
}

/**
 * Where a response is. Answer and mitigation come in any order: who mitigates first is asked for the answer after.
 * Without a fault nothing is to be mitigated: the answer ends it.
 */
export function progressOf(ledger: readonly LedgerEntry[], faults: number): Progress {
  const [page] = pages(ledger);
  const [givenUp] = entriesOf(ledger, 'given-up');
  const isAnswered = entriesOf(ledger, 'answered').length > 0;
  const isWell = entriesOf(ledger, 'users-well').length > 0;
  const isWatched = entriesOf(ledger, 'watched').length > 0;
  if (givenUp) return { state: 'over', how: givenUp.how };
  // Nothing can be won any more.
  if (entriesOf(ledger, 'load-lost').length > 0) return { state: 'over', how: 'no-load' };
  if (entriesOf(ledger, 'time-limit').length > 0) return { state: 'over', how: 'too-late' };
  if (isAnswered && (isWell || (faults === 0 && isWatched))) return { state: 'over', how: 'done' };
  if (isWell) return { state: 'recovered' };
  if (isMitigated(ledger, faults)) return { state: 'mitigated' };
  if (isAnswered) return { state: 'diagnosed' };
  if (!page) return { state: 'on-call' };
  return { state: acknowledgement(ledger) ? 'acknowledged' : 'paged', page };
}

export function marksOf(ledger: readonly LedgerEntry[], faults: number): Marks {
  const at = (entry: LedgerEntry | undefined) => entry?.atMs;
  const isOver = faults > 0 && isMitigated(ledger, faults);
  const recovered = entriesOf(ledger, 'users-well').length > 0 ? entriesOf(ledger, 'sli-recovered').at(-1) : undefined;
  return defined({
    brokenAtMs: at(entriesOf(ledger, 'injected')[0]),
    pagedAtMs: at(pages(ledger)[0]),
    acknowledgedAtMs: at(acknowledgement(ledger)),
    diagnosedAtMs: at(entriesOf(ledger, 'answered').at(-1)),
    mitigatedAtMs: isOver ? at(entriesOf(ledger, 'mitigated').at(-1)) : undefined,
    recoveredAtMs: at(recovered ?? entriesOf(ledger, 'users-well')[0]),
  });
}

/** Pages, in order; tickets and the log wake nobody. */
function pages(ledger: readonly LedgerEntry[]): readonly EntryOf<'notified'>[] {
  const from = entriesOf(ledger, 'response-started')[0]?.atMs ?? 0;
  return (entriesOf(ledger, 'notified') as EntryOf<'notified'>[]).filter(
    (entry) => entry.event === 'notified' && isPage(entry) && entry.atMs >= from,
  );
}

function acknowledgement(ledger: readonly LedgerEntry[]): LedgerEntry | undefined {
  return entriesOf(ledger, 'acknowledged').find(isPage);
}

function isPage({ channel = 'pager' }: { readonly channel?: string }): boolean {
  return channel === 'pager';
}

/** Every fault that was injected has been ended by the one who responds. */
function isMitigated(ledger: readonly LedgerEntry[], faults: number): boolean {
  const injected = entriesOf(ledger, 'injected').map(({ id }) => id);
  const ended = new Set(entriesOf(ledger, 'mitigated').flatMap(({ faults: ids }) => ids));
  return injected.length >= faults && injected.length > 0 && injected.every((id) => ended.has(id));
}

function defined<Content extends object>(content: Content): { [Key in keyof Content]?: NonNullable<Content[Key]> } {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined)) as never;
}
