import { type Command, Option } from 'commander';
import { type Played, recall } from '../response/history.ts';
import { paint, say, table } from '../terminal.ts';
import { userName } from '../user-name.ts';
import { clock } from './pages.ts';

interface HistoryOptions {
  readonly person: string;
  readonly json?: boolean;
}

export function addHistory(program: Command): void {
  program
    .command('history')
    .description('the drills that somebody has played, and how it goes')
    .addOption(new Option('--person <name>', 'whose').default(userName()))
    .option('--json', 'the same for programs')
    .action(history);
}

function history({ person, json = false }: HistoryOptions): void {
  const played = recall().filter((each) => each.person === person);
  const nothing = `${person} has played nothing yet: firedrill drill sick-replica, or firedrill drill --blind.`;
  if (json) say(JSON.stringify(played, undefined, 2));
  else say(played.length === 0 ? nothing : describeHistory(person, played));
}

/** A row each, and what becomes of scores and times. */
export function describeHistory(person: string, played: readonly Played[]): string {
  const rows = played.map(({ atMs, drill, mode, outcome, score, times, componentRatio, causeRatio, hints }) => [
    `  ${clock(atMs)}`,
    drill,
    mode,
    outcome,
    String(score),
    ...[times.acknowledge, times.mitigate, times.recover].map(seconds),
    `${share(componentRatio)} ${share(causeRatio)}`,
    String(hints),
  ]);
  const header = ['  when', 'drill', 'how', 'outcome', 'score', 'TTA', 'TTM', 'TTR', 'place cause', 'hints'];
  const scores = played.map(({ score }) => score);
  return `${table([header, ...rows])}\n
  ${paint.strong(person)}: ${played.length} played, ${played.filter(({ outcome }) => outcome === 'won').length} won
  score  ${sparkline(scores, 100)}  ${trend(scores, 'more')}
  TTM    ${sparkline(timesOf(played))}  ${trend(timesOf(played), 'less')}`;
}

function timesOf(played: readonly Played[]): readonly number[] {
  return played.flatMap(({ times }) => times.mitigate ?? []);
}

const bars = '▁▂▃▄▅▆▇█';

/** One bar a value, of `highest` or of the highest there is. */
export function sparkline(values: readonly number[], highest = Math.max(0, ...values)): string {
  return values
    .map((value) => bars[highest === 0 ? 0 : Math.min(bars.length - 1, Math.floor((value / highest) * bars.length))])
    .join('');
}

const recently = 5;

/** The mean of the last five beside that of the five before. */
export function trend(values: readonly number[], better: 'more' | 'less'): string {
  const [last, before] = [values.slice(-recently), values.slice(-2 * recently, -recently)];
  if (before.length === 0) return last.length === 0 ? '' : `mean ${mean(last).toFixed(0)}`;
  const change = mean(last) - mean(before);
  const isBetter = better === 'more' ? change > 0 : change < 0;
  const word = Math.round(change) === 0 ? 'as before' : isBetter ? 'better' : 'worse';
  return `mean ${mean(last).toFixed(0)}, ${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(0)}: ${word}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function seconds(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(0)} s`;
}

function share(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
