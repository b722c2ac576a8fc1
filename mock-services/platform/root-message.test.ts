import { expect, it } from 'vitest';
import { rootMessage } from './root-message.ts';

it.each([
  [new Error('outer', { cause: new Error('inner') }), 'inner'],
  [new Error('outer', { cause: 'a text' }), 'a text'],
  // As Node says that none of the addresses of a host took a connection.
  [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [new TypeError(), 'TypeError'],
])('%o says %s', (error, message) => {
  expect(rootMessage(error)).toBe(message);
});
