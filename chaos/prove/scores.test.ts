import { describe, expect, it } from 'vitest';
import { scoresOf } from './scores.ts';
import { broken, control, detected, episode, falseAlarm, may, missed, told } from './testing/episodes.ts';

describe('the scores', () => {
  it('count what had to fire and did: the recall', () => {
    const { recall } = scoresOf([episode([detected]), episode([missed]), episode([detected]), control()]);
    expect(recall).toMatchObject({ count: 2, of: 3, share: 2 / 3 });
    expect(recall.low).toBeCloseTo(0.2077, 4);
  });

  it('count what fired and had to: the precision', () => {
    expect(scoresOf([episode([detected, falseAlarm()])]).precision).toMatchObject({ count: 1, of: 2 });
  });

  it('leave out what only may fire', () => {
    const scores = scoresOf([episode([detected, may(true)]), episode([detected, may(false)])]);
    expect(scores).toMatchObject({ recall: { count: 2, of: 2 }, precision: { count: 2, of: 2 } });
  });

  it('hold it against an alert that it fired before anything was broken', () => {
    const scores = scoresOf([episode([{ ...detected, early: true }])]);
    expect(scores).toMatchObject({ precision: { count: 1, of: 2 }, falsePages: 1 });
  });

  it.each([
    [0.99, 0],
    [1, 1],
    [4, 1],
    [4.01, 0],
  ])('call %d s in time when it is within its bound of 1 to 4 s', (seconds, count) => {
    expect(scoresOf([episode([told(seconds)])]).inTime).toMatchObject({ count, of: 1 });
  });

  it('do not call in time what has no bound', () => {
    const { bound: _, ...unbounded } = detected;
    expect(scoresOf([episode([unbounded])]).inTime).toMatchObject({ count: 0, of: 1 });
  });

  it('count the controls in which something fired, and the pages among what was false', () => {
    const scores = scoresOf([
      control([may(true)]),
      control([falseAlarm(false)]),
      control([falseAlarm()]),
      episode([detected]),
    ]);
    expect(scores).toMatchObject({ falseAlarms: { count: 2, of: 3 }, falsePages: 1 });
  });

  it('are about what was played', () => {
    expect(scoresOf([broken, episode([missed], { played: false })]).recall).toMatchObject({ count: 0, of: 0 });
  });
});
