import { expect, it } from 'vitest';
import { judge } from './judge.ts';
import { stoppedVerdict } from './stopped.ts';
import { tallyOf } from './tally.ts';

const judged = (bad: number) => {
  const counts = tallyOf(Array.from({ length: 60 }, () => ({ bad, total: 100 })));
  return judge([{ objective: { name: 'a', bad: 'failed', limit: 0.02 }, counts }]);
};
const [pass, open, fail] = [judged(0), judged(2), judged(9)];

it('what was decided holds, whatever the last requests say', () => {
  expect([pass, open, fail].map(({ verdict }) => verdict)).toEqual(['PASS', 'INCONCLUSIVE', 'FAIL']);
  for (const decided of [pass, fail]) {
    expect(stoppedVerdict({ decided, last: open, longestAnswerSeconds: 1 })).toBe(decided);
  }
  expect(stoppedVerdict({ decided: fail, last: open, longestAnswerSeconds: 9 })).toBe(fail);
});

it('nobody passes for whom answers were still waited', () => {
  expect(stoppedVerdict({ decided: pass, last: open, longestAnswerSeconds: 1.1 })).toBe(open);
});

it('what says the same with more requests is told with them, as is what was never decided', () => {
  const more = judged(8);
  expect(stoppedVerdict({ decided: fail, last: more, longestAnswerSeconds: 9 })).toBe(more);
  expect(stoppedVerdict({ decided: pass, last: fail, longestAnswerSeconds: 0 })).toBe(fail);
  expect(stoppedVerdict({ decided: undefined, last: open, longestAnswerSeconds: 0 })).toBe(open);
});
