import type { Paint } from '#chaos/engine/report.ts';
import type { Course, Explanation, Firing, PairExplanation, TierExplanation } from '#observability/rules/explain.ts';
import { table } from '../terminal.ts';
import { sayDuration, sayNumber, sayShare } from './quantities.ts';
import { type Remark, remarksOn } from './remarks.ts';

/** What an SLO amounts to, for a terminal: the budget, the windows, the course of errors, and what to know. */
export function renderExplanation(explanation: Explanation, path: string, paint: Paint): string {
  const { slo, tiers, courses } = explanation;
  const remarks = remarksOn(explanation);
  return [
    `${paint.strong(slo.displayName)}  ${paint.faint(`${slo.service}/${slo.name}, ${path}`)}`,
    ...(slo.description === '' ? [] : [slo.description]),
    sayBudget(explanation),
    ...tiers.flatMap((tier) => ['', ...renderTier(tier, explanation, paint)]),
    ...(tiers.length > 0 ? ['', ...renderCourses(courses, paint)] : []),
    ...(remarks.length > 0 ? ['', ...remarks.map((remark) => renderRemark(remark, paint))] : []),
  ].join('\n');
}

function sayBudget({ slo, timeScale, budget }: Explanation): string {
  const period = sayDuration(slo.periodSeconds / timeScale);
  const scale = timeScale === 1 ? '' : ` (${sayDuration(slo.periodSeconds)} at time scale ${timeScale})`;
  const failures =
    budget.badEvents === undefined
      ? ''
      : `, or ${sayNumber(budget.badEvents)} failures at ${sayNumber(slo.requestsPerSecond ?? 0)}/s`;
  return (
    `Objective ${Number((100 * slo.target).toPrecision(12))} % over ${period}${scale}: ${sayShare(budget.ratio)} may fail, ` +
    `which is an outage of ${sayDuration(budget.outageSeconds)}${failures}.`
  );
}

function renderTier(tier: TierExplanation, { slo, timeScale }: Explanation, paint: Paint): readonly string[] {
  const traffic = slo.requestsPerSecond;
  const header = [
    '  windows',
    'burn rate',
    'fires above',
    'of the budget',
    'least traffic',
    ...(traffic === undefined ? [] : [`at ${sayNumber(traffic)}/s: more failures than`]),
  ];
  const rows = tier.pairs.map((pair) => [
    `  ${pair.windows}`,
    sayNumber(pair.factor),
    sayShare(pair.thresholdRatio),
    sayShare(pair.budgetShare),
    `${sayNumber(pair.minRequestsPerSecond)}/s`,
    ...(traffic === undefined ? [] : [sayFailures(pair, timeScale)]),
  ]);
  const [head = '', ...lines] = table([header, ...rows]).split('\n');
  return [`${paint.strong(tier.severity)}  ${tier.alert}`, paint.faint(head), ...lines];
}

function sayFailures({ badEvents, longSeconds, shortSeconds }: PairExplanation, timeScale: number): string {
  const within = (failures: number, seconds: number) => `${sayNumber(failures)} in ${sayDuration(seconds / timeScale)}`;
  return badEvents ? `${within(badEvents.long, longSeconds)} and ${within(badEvents.short, shortSeconds)}` : '';
}

function renderCourses(courses: readonly Course[], paint: Paint): readonly string[] {
  const rows = courses.flatMap((course) => {
    const events = [...course.tiers.map(sayFiring), sayEmpty(course)].sort((a, b) => a.seconds - b.seconds);
    return events.map(({ cells }, index) => [index === 0 ? `  ${sayShare(course.errorRatio)}` : '', ...cells]);
  });
  const header = ['  when this fails', 'then', 'after', 'windows', 'budget spent', 'ends, after the errors do, within'];
  const [head = '', ...lines] = table([header, ...rows]).split('\n');
  return [paint.faint(head), ...lines];
}

interface Event {
  readonly seconds: number;
  readonly cells: readonly string[];
}

function sayFiring({ severity, firesAfterSeconds, firedBy, budgetSpentRatio, resolvesWithinSeconds }: Firing): Event {
  const after = sayDuration(firesAfterSeconds);
  if (firedBy === undefined) return { seconds: firesAfterSeconds, cells: [severity, after, '', '', ''] };
  const cells = [severity, after, firedBy, sayShare(budgetSpentRatio ?? 0), sayDuration(resolvesWithinSeconds ?? 0)];
  return { seconds: firesAfterSeconds, cells };
}

function sayEmpty({ budgetEmptyAfterSeconds: seconds }: Course): Event {
  const spent = seconds === Number.POSITIVE_INFINITY ? '' : '100 %';
  return { seconds, cells: ['budget empty', sayDuration(seconds), '', spent, ''] };
}

function renderRemark({ isProblem, text }: Remark, paint: Paint): string {
  return isProblem ? paint.bad(`✗ ${text}`) : `• ${text}`;
}
