import { expect, it } from 'vitest';
import { exitCodes } from './drill-play.ts';

it('who was given nothing to break has not lost: the harness failed', () => {
  expect(exitCodes).toEqual({ won: 0, lost: 1, revealed: 1, aborted: 1, void: 3 });
});
