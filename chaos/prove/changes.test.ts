import { describe, expect, it } from 'vitest';
import { baselineOf, baselineSchema, grownBaseline, updatedBaseline } from './baseline.ts';
import { changesSince } from './changes.ts';
import { control, detected, episode, falseAlarm, may, missed, told } from './testing/episodes.ts';

/** Told after 2.0, 2.2 and 2.4 s; at a time scale of 60 the next scrape and evaluation are 1.5 s. */
const before = baselineOf([told(2), told(2.2), told(2.4)].map((outcome) => episode([outcome])));

function kinds(...episodes: Parameters<typeof changesSince>[1]): readonly string[] {
  return changesSince(before, episodes).map(({ kind, regression }) => `${kind}${regression ? ' regression' : ''}`);
}

describe('a comparison with the baseline', () => {
  it('is empty when nothing is different', () => {
    expect(kinds(episode([told(2.1)]))).toEqual([]);
  });

  it.each([
    [3.9, []],
    [3.91, ['slower regression']],
    [0.5, []],
    [0.49, ['faster']],
  ])('of an alert told after %d s finds %j', (seconds, expected) => {
    expect(kinds(episode([told(seconds)]))).toEqual(expected);
  });

  it('takes the median of now, so that one slow episode of three is chance', () => {
    expect(kinds(episode([told(2)]), episode([told(9)]), episode([told(2.2)]))).toEqual([]);
    expect(kinds(episode([told(2)]), episode([told(9)]), episode([told(9)]))).toEqual(['slower regression']);
  });

  it('does not time what only may fire', () => {
    const some = (secondsToTell: number) => [episode([{ ...may(true), secondsToTell }])];
    expect(changesSince(baselineOf(some(2)), some(20))).toEqual([]);
  });

  it('calls an alert lost that had to fire and did not once', () => {
    expect(kinds(episode([detected]), episode([missed]))).toEqual(['lost regression']);
    const [change] = changesSince(before, [episode([missed])]);
    expect(change).toMatchObject({ drill: 'sick', alert: 'Page', what: 'fired in 0 of 1 episodes, before in 3 of 3' });
  });

  it('calls an alert noisy that has to be silent and was', () => {
    expect(kinds(episode([detected, falseAlarm()]))).toEqual(['noisy regression']);
  });

  it('calls an alert that may fire lost or noisy only beyond chance', () => {
    const always = baselineOf(Array.from({ length: 5 }, () => episode([may(true)])));
    const now = (fired: boolean, count: number) =>
      changesSince(
        always,
        Array.from({ length: count }, () => episode([may(fired)])),
      ).map(({ kind }) => kind);
    expect(now(false, 1)).toEqual([]);
    expect(now(false, 5)).toEqual(['lost']);
    const never = baselineOf(Array.from({ length: 5 }, () => episode([may(false)])));
    const loud = (count: number) =>
      changesSince(
        never,
        Array.from({ length: count }, () => episode([may(true)])),
      ).map(({ kind }) => kind);
    expect(loud(1)).toEqual([]);
    expect(loud(5)).toEqual(['noisy']);
  });

  it('says of a drill that it is new, and nothing of one that was not played', () => {
    expect(kinds(control())).toEqual(['new']);
    expect(kinds(episode([missed], { played: false, outcome: 'broken' }))).toEqual([]);
  });
});

describe('a baseline', () => {
  it('is made of the drills all of whose episodes held', () => {
    const { drills } = baselineOf([
      episode([detected]),
      episode([detected], { outcome: 'deviated' }),
      control([may(false)]),
    ]);
    expect(drills).toEqual({
      nothing: { episodes: 1, alerts: { Ticket: { expectation: 'may', fired: 0, secondsToTell: [] } } },
    });
  });

  it('counts the episodes that were played', () => {
    const { drills } = baselineOf([episode([detected]), episode([], { played: false })]);
    expect(drills.sick).toMatchObject({ episodes: 1, alerts: { Page: { fired: 1 } } });
  });

  it('orders times as numbers', () => {
    const { drills } = baselineOf([told(10), told(9), told(2)].map((outcome) => episode([outcome])));
    expect(drills.sick?.alerts.Page?.secondsToTell).toEqual([2, 9, 10]);
  });

  it('keeps what was not proven anew', () => {
    const next = updatedBaseline(before, baselineOf([control()]));
    expect(Object.keys(next.drills)).toEqual(['nothing', 'sick']);
    expect(updatedBaseline(before, baselineOf([episode([told(3)])])).drills.sick).toEqual({
      episodes: 1,
      alerts: { Page: { expectation: 'must', fired: 1, secondsToTell: [3] } },
    });
  });

  it('grows by what was seen, in order', () => {
    const seen = baselineOf([episode([told(2.1), may(true)]), control()]);
    expect(grownBaseline(before, seen).drills).toEqual({
      nothing: { episodes: 1, alerts: {} },
      sick: {
        episodes: 4,
        alerts: {
          Page: { expectation: 'must', fired: 4, secondsToTell: [2, 2.1, 2.2, 2.4] },
          Ticket: { expectation: 'may', fired: 1, secondsToTell: [] },
        },
      },
    });
    expect(grownBaseline(seen, before).drills.sick).toMatchObject({ episodes: 4, alerts: { Ticket: { fired: 1 } } });
    expect(Object.keys(grownBaseline(before, seen).drills)).toEqual(['nothing', 'sick']);
  });

  it('is what it was when it is read back', () => {
    expect(baselineSchema.parse(JSON.parse(JSON.stringify(before)))).toEqual(before);
    expect(before.drills.sick).toEqual({
      episodes: 3,
      alerts: { Page: { expectation: 'must', fired: 3, secondsToTell: [2, 2.2, 2.4] } },
    });
  });
});
