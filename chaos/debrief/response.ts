import type { ResponseVerdict } from '../response/judge-response.ts';

type Row = readonly [what: string, value: string, how: string];

/** What was reached when, and what it is worth, a row each. */
export function responseRows({ times, score }: ResponseVerdict): readonly Row[] {
  const time = (seconds: number | undefined) => (seconds === undefined ? 'never' : `${seconds.toFixed(1)} s`);
  return [
    ['TTD', time(times.detect), 'from the first fault to the page'],
    ['TTA', time(times.acknowledge), 'from the page until it was taken'],
    ['TTM', time(times.mitigate), 'from the first fault until it was ended'],
    ['TTR', time(times.recover), 'from the first fault until users were well for good'],
    ...score.parts.map(({ what, points, formula }): Row => [what, `${points.toFixed(1)} points`, formula]),
    ['score', `${score.total} of 100`, ''],
  ];
}
