import type { Paint } from '#chaos/engine/report.ts';
import { type Profile, profiles, rateAt } from '#load-tests/profiles.ts';
import type { LoadRun, LoadRunOrder } from './run.ts';

/** What a run came to, in plain words, for a terminal. */
export function renderLoadRun(order: LoadRunOrder, run: LoadRun, paint: Paint): string {
  const { summary, warnings } = run;
  const parts = [
    [...figures(order, summary), ...generatorLines(run)],
    [...summary.objectives.map((objective) => objectiveLine(objective, paint)), ...checkLines(summary, paint)],
    warnings.map((warning) => `${paint.bad('!')} ${warning}`),
    [ending(order, run, paint)],
  ];
  return `\n${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `  ${line}`).join('\n'))
    .join('\n\n')}\n`;
}

type Summary = LoadRun['summary'];

function figures(order: LoadRunOrder, summary: Summary): readonly string[] {
  const { requests, durationSeconds, failedRequests, answerSeconds } = summary;
  // At the end answers are waited for, and nothing is asked.
  const askingSeconds = Math.min(durationSeconds, order.durationSeconds);
  const { p50, p95, p99, max } = answerSeconds;
  return [
    `${requests} requests in ${durationSeconds.toFixed(1)} s (${(requests / askingSeconds).toFixed(1)}/s), ${failedRequests} failed`,
    `answered within ${milliseconds(p50)} (half), ${milliseconds(p95)} (95 %), ${milliseconds(p99)} (99 %), ${milliseconds(max)} (all)`,
  ];
}

/** So few say nothing of many. */
const requestsThatTell = 500;

function generatorLines({ summary, generator: { requestsPerCoreSecond } }: LoadRun): readonly string[] {
  if (requestsPerCoreSecond === undefined || summary.requests < requestsThatTell) return [];
  return [`one core of this machine offers about ${Math.round(requestsPerCoreSecond)} requests/s of this scenario`];
}

function objectiveLine(
  { displayName, bad, total, allowedBadRatio }: Summary['objectives'][number],
  paint: Paint,
): string {
  if (total === 0) return paint.faint(`– ${displayName}: nothing that was asked counts for it`);
  const ratio = bad / total;
  const mark = ratio <= allowedBadRatio ? paint.good('✓') : paint.bad('✗');
  return `${mark} ${displayName}: ${bad} of ${total} requests bad, ${percent(ratio)} (at most ${percent(allowedBadRatio)})`;
}

/** All of them in one line, or those that did not hold. */
function checkLines({ checks }: Summary, paint: Paint): readonly string[] {
  const broken = checks.filter(({ failed }) => failed > 0);
  const held = checks.reduce((sum, { passed }) => sum + passed, 0);
  if (checks.length === 0) return [`${paint.bad('✗')} no answer was checked`];
  if (broken.length === 0) return [`${paint.good('✓')} every answer was as it should be: ${held} checks`];
  return broken.map(
    ({ name, passed, failed }) => `${paint.bad('✗')} ${name}: not so ${failed} of ${passed + failed} times`,
  );
}

function ending(order: LoadRunOrder, { outcome, summary }: LoadRun, paint: Paint): string {
  const name = `${order.scenario}, ${order.profile}`;
  if (outcome === 'interrupted') return paint.bad(`INTERRUPTED  ${name}`);
  if (outcome === 'void') return paint.bad(`VOID  ${name}: no answer was what the scenario asks for`);
  if (outcome === 'held') {
    return `${paint.good(`HELD  ${name}`)}${paint.faint(', by point estimates: of few requests they say little')}`;
  }
  const profile: Profile = profiles[order.profile];
  const reached = Math.round(rateAt({ ...order, profile }, summary.durationSeconds));
  const when = profile.untilMissed ? ` at about ${reached} requests/s` : '';
  return paint.bad(`CROSSED  ${name}${when}`);
}

function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(2)} %`;
}
