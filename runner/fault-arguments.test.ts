import { expect, it } from 'vitest';
import type { FaultDefinition } from '#catalog/faults/argument.ts';
import { readTypedArguments } from './fault-arguments.ts';

const definition = {
  place: 'service',
  effect: 'Anything.',
  targets: [],
  args: {
    ratio: { kind: 'number', unit: 'share', min: 0, max: 1, help: '' },
    status: { kind: 'choice', of: [500, 'slow'], help: '' },
    requests: { kind: 'numbers', max: 99, help: '' },
    routes: { kind: 'routes', help: '' },
  },
} as const satisfies FaultDefinition;

it.each([
  ['ratio', '0.5', 0.5],
  ['ratio', 'half', 'half'],
  ['ratio', '', ''],
  ['status', '500', 500],
  ['status', 'slow', 'slow'],
  ['status', '501', '501'],
  ['requests', '0,3, 5', [0, 3, 5]],
  ['requests', '', []],
  ['routes', '/a,/b', ['/a', '/b']],
  ['other', '1', '1'],
])('--arg %s=%s is read as %j', (name, text, value) => {
  expect(readTypedArguments(definition, [[name, text]])).toEqual({ [name]: value });
});
