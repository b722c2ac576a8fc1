import { expect, it } from 'vitest';
import { rightnessOf } from './answer.ts';

const replica = { component: 'backend-2', cause: 'failing-replica' } as const;
const store = { component: 'postgres', cause: 'slow-store' } as const;
const other = { component: 'valkey', cause: 'store-down' } as const;

it.each([
  ['nothing said', [], [replica], 0, 0],
  ['all right', [replica], [replica], 1, 1],
  ['the right place, the wrong cause', [{ ...replica, cause: 'slow-replica' }], [replica], 1, 0],
  ['the right cause, the wrong place', [{ ...replica, component: 'backend-1' }], [replica], 0, 0],
  ['a guess that was mended', [other, replica], [replica], 1, 1],
  ['the truth, and then something else', [replica, other], [replica], 0, 0],
  ['one of two', [replica], [replica, store], 0.5, 0.5],
  ['two of two, in any order', [store, replica], [replica, store], 1, 1],
  ['two of two, one of them twice', [store, replica, replica], [replica, store], 1, 1],
  ['three guesses at two', [store, replica, other], [replica, store], 0.5, 0.5],
  ['the edge by either name', [{ ...replica, component: 'nginx' }], [{ ...replica, component: 'edge' }], 1, 1],
] as const)('%s', (_what, given, truth, componentRatio, causeRatio) => {
  expect(rightnessOf(given, truth)).toEqual({ componentRatio, causeRatio });
});
