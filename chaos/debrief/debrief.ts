import type { Capsule } from '../capsule/capsule.ts';
import { figures } from '../engine/figures.ts';
import { type EntryOf, entriesOf, type LedgerEntry } from '../engine/ledger.ts';
import { type TimelineRow, timelineRows } from '../engine/timeline-rows.ts';
import { judge, type Verdict } from '../engine/verdict.ts';
import { judgeResponse, type ResponseVerdict } from '../response/judge-response.ts';
import type { Frame } from './chart.ts';
import { postMortem, statusUpdates, type WriteUp } from './write-ups.ts';

/** What is told of a run afterwards, whatever it is written in. */
export interface Debrief {
  readonly title: string;
  readonly outcome: string;
  readonly good: boolean;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** A sentence each. */
  readonly figures: readonly string[];
  readonly timeline: readonly TimelineRow[];
  readonly verdict: Verdict;
  /** Of somebody who played it. */
  readonly response?: ResponseVerdict;
  readonly frame: Frame;
  readonly capsule: Capsule;
  /** Drafts that a person finishes. */
  readonly writeUps: readonly WriteUp[];
}

/** Decides from the capsule alone what there is to tell. */
export function createDebrief(capsule: Capsule): Debrief {
  const { ledger } = capsule;
  const start = entriesOf(ledger, 'drill-started')[0];
  if (start === undefined) throw new Error('the ledger of the capsule does not say what was run');
  const isPlayed = entriesOf(ledger, 'response-started').length > 0;
  const response = isPlayed ? judgeResponse(ledger) : undefined;
  const verdict = response ? { held: response.outcome === 'won', findings: response.findings } : judge(ledger);
  const story = { ledger, start, timeline: timelineRows(ledger), figures: figures(ledger), times: response?.times };
  return {
    title: start.title,
    outcome: response ? outcomes[response.outcome] : verdict.held ? 'Held' : 'Deviated',
    good: verdict.held,
    facts: [
      ['Drill', start.drill],
      ['Seed', start.seed],
      ['Time scale', `${start.timeScale}: a second here is ${start.timeScale} in production`],
      ['Started', new Date(start.atMs).toISOString()],
      ['Took', `${((end(ledger).atMs - start.atMs) / 1000).toFixed(0)} s`],
    ],
    figures: story.figures,
    ...(response ? { response } : {}),
    timeline: story.timeline,
    verdict,
    frame: frameOf(ledger, start),
    capsule,
    writeUps: [postMortem(story), ...statusUpdates(story)],
  };
}

const outcomes: Readonly<Record<ResponseVerdict['outcome'], string>> = {
  won: 'Won',
  lost: 'Lost',
  revealed: 'Revealed',
  aborted: 'Aborted',
  void: 'Not played',
};

function frameOf(ledger: readonly LedgerEntry[], start: EntryOf<'drill-started'>): Frame {
  const injected = entriesOf(ledger, 'injected');
  const reverted = entriesOf(ledger, 'reverted');
  const toMs = end(ledger).atMs;
  const zeroMs = injected[0]?.atMs ?? start.atMs;
  const expected = new Set(start.expect.mustFire.map(({ alert }) => alert));
  const ofPage = (event: 'notified' | 'acknowledged' | 'resolved') =>
    entriesOf(ledger, event).filter(({ alert }) => expected.has(alert));
  const marks = [
    { label: 'broken', entry: injected[0] },
    { label: 'notified', entry: ofPage('notified')[0] },
    { label: 'acknowledged', entry: ofPage('acknowledged')[0] },
    { label: 'mitigated', entry: entriesOf(ledger, 'mitigated').at(-1) },
    { label: 'users well again', entry: entriesOf(ledger, 'sli-recovered').at(-1) },
    { label: 'resolved', entry: ofPage('resolved').at(-1) },
  ];
  return {
    fromMs: Math.max(start.atMs, zeroMs - 15_000),
    toMs,
    zeroMs,
    bands: injected.map(({ id, atMs }) => ({
      fromMs: atMs,
      toMs: reverted.find((entry) => entry.id === id)?.atMs ?? toMs,
    })),
    marks: marks
      .flatMap(({ label, entry }) => (entry ? [{ label, atMs: entry.atMs }] : []))
      .sort((a, b) => a.atMs - b.atMs),
  };
}

function end(ledger: readonly LedgerEntry[]): { readonly atMs: number } {
  return { atMs: Math.max(...ledger.map(({ atMs }) => atMs)) };
}
