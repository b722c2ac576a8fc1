import { causes } from '#catalog/causes.ts';
import { alertArrival, type EntryOf, entriesOf, type LedgerEntry } from '../engine/ledger.ts';
import { percent, type TimelineRow } from '../engine/timeline-rows.ts';
import type { Times } from '../response/judge-response.ts';

/** A document in Markdown that is drafted from what is known, and finished by who was there. */
export interface WriteUp {
  readonly title: string;
  readonly text: string;
}

export interface Story {
  readonly ledger: readonly LedgerEntry[];
  readonly start: EntryOf<'drill-started'>;
  readonly timeline: readonly TimelineRow[];
  readonly figures: readonly string[];
  /** Of somebody who played it. */
  readonly times?: Times | undefined;
}

/** Where only people know: they replace it. */
const blank = '_…_';

/** Marks that only matter to who looks at the machinery. */
const unremarkable: ReadonlySet<string> = new Set([
  'load',
  'load ended',
  'steady state',
  'pending',
  'firing',
  'baseline',
]);

/** Blameless: it names what happened and what made it possible, and nobody. */
export function postMortem({ ledger, start, timeline, figures, times }: Story): WriteUp {
  const rows = timeline
    .filter(({ mark }) => !unremarkable.has(mark))
    .map(
      ({ atSeconds, mark, detail }) =>
        `| ${clock(start.atMs + atSeconds * 1000)} | ${mark} | ${detail.replaceAll('|', '\\|')} |`,
    );
  return {
    title: 'Post-mortem (draft)',
    text: [
      `**What happened.** ${start.title}. ${impact(ledger)}`,
      '',
      '**Impact.**',
      '',
      ...bullets(figures),
      '',
      `**Cause.** ${cause(ledger)}`,
      '',
      `**Why it was possible.** ${blank} Ask for conditions, not for people: which change, default or missing limit let a single fault reach users?`,
      '',
      `**Detection.** ${detection(ledger)}`,
      '',
      `**Response.** ${response(ledger, times)}`,
      '',
      '**Timeline** (UTC)',
      '',
      '| time | what | |',
      '|---|---|---|',
      ...rows,
      '',
      `**What went well.** ${blank}`,
      '',
      `**What was luck.** ${blank}`,
      '',
      '**What will change**',
      '',
      '| action | prevents, detects or mitigates | owner | by |',
      '|---|---|---|---|',
      `| ${blank} | ${blank} | ${blank} | ${blank} |`,
    ].join('\n'),
  };
}

/** What is said to others while it goes on, and when it is over: short, of users, with the time of the next word. */
export function statusUpdates({ ledger }: Story): readonly WriteUp[] {
  const page = entriesOf(ledger, 'notified')[0];
  const recovered = entriesOf(ledger, 'sli-recovered').at(-1);
  if (page === undefined) return [];
  const about = page.subject ? `${page.alert} (${page.subject})` : page.alert;
  return [
    {
      title: 'Escalation',
      text: bullets([
        `**${page.severity}**, since ${clock(page.atMs)} UTC: ${about}.`,
        `Users: ${impact(ledger)}`,
        `Tried so far: ${tried(ledger)}`,
        `What I need from you: ${blank}`,
        `I am on it until ${blank}; the next word comes in 15 minutes.`,
      ]).join('\n'),
    },
    {
      title: 'Status update: investigating',
      text: `**Investigating**, ${clock(page.atMs)} UTC. Some requests to the API fail or are slow. We are looking into it and will write again by ${clock(page.atMs + 15 * 60_000)} UTC.`,
    },
    ...(recovered === undefined
      ? []
      : [
          {
            title: 'Status update: resolved',
            text: `**Resolved**, ${clock(recovered.atMs)} UTC. Requests to the API have been answered well again since ${clock(recovered.atMs)} UTC. ${impact(ledger)} We will publish what we learn from it.`,
          },
        ]),
  ];
}

function impact(ledger: readonly LedgerEntry[]): string {
  const measured = entriesOf(ledger, 'measured')[0];
  if (measured === undefined || measured.requests === 0) return 'No request is known to have failed.';
  const { badRequests, requests } = measured;
  return `${badRequests} of ${requests} requests failed (${percent(badRequests / requests)}).`;
}

function cause(ledger: readonly LedgerEntry[]): string {
  const injected = entriesOf(ledger, 'injected');
  if (injected.length === 0) return 'Nothing was broken.';
  const faults = `${injected.map(({ fault, target }) => `${fault} on ${target}`).join(', and ')}.`;
  const answers = entriesOf(ledger, 'unsealed')[0]?.truth.answer ?? [];
  return [faults, ...answers.map((answer) => `${answer.component}: ${causes[answer.cause]}`)].join(' ');
}

function detection(ledger: readonly LedgerEntry[]): string {
  const page = entriesOf(ledger, 'notified')[0];
  if (page === undefined) return 'Nobody was told by an alert.';
  const { from, mark } = alertArrival(ledger, page.alert, 'detection');
  if (!from || !mark) return `${page.alert} told of it.`;
  return `${page.alert} told of it ${seconds(mark.atMs - from.atMs)} after it began.`;
}

function response(ledger: readonly LedgerEntry[], times: Times = {}): string {
  const [injected] = entriesOf(ledger, 'injected');
  const [page] = entriesOf(ledger, 'notified');
  const [acknowledged] = entriesOf(ledger, 'acknowledged');
  const recovered = entriesOf(ledger, 'sli-recovered').at(-1);
  const { mitigate, recover = between(injected, recovered) } = times;
  const did = entriesOf(ledger, 'mitigated').map(({ does }) => does);
  const acknowledge = between(page, acknowledged);
  const sentences = [
    acknowledge === undefined ? undefined : `Acknowledged ${acknowledge.toFixed(1)} s after the page.`,
    mitigate === undefined ? undefined : `Ended ${mitigate.toFixed(1)} s after it began: ${did.join(', ')}.`,
    recover === undefined ? undefined : `Users were well ${recover.toFixed(1)} s after it began.`,
  ].filter((sentence) => sentence !== undefined);
  return sentences.length === 0 ? blank : sentences.join(' ');
}

function between(from: LedgerEntry | undefined, to: LedgerEntry | undefined): number | undefined {
  return from && to ? (to.atMs - from.atMs) / 1000 : undefined;
}

function tried(ledger: readonly LedgerEntry[]): string {
  const operations = entriesOf(ledger, 'operation').map(({ name, targets }) => [name, ...targets].join(' '));
  return operations.length === 0 ? blank : operations.join(', ');
}

function bullets(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `- ${line}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** `10:42:07` */
function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19);
}
