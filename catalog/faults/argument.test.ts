import { describe, expect, it } from 'vitest';
import { anyReplica, type FaultDefinition, readArguments } from './argument.ts';

const definition: FaultDefinition = {
  place: 'service',
  effect: 'Anything.',
  targets: [anyReplica],
  args: {
    ratio: { kind: 'number', unit: 'share', min: 0, max: 1, default: 0.5, help: '' },
    count: { kind: 'number', unit: 'count', min: 1, max: 10, whole: true, help: '' },
    status: { kind: 'choice', of: [500, 'slow'], default: 500, help: '' },
    requests: { kind: 'numbers', max: 99, default: [], help: '' },
    routes: { kind: 'routes', help: '' },
  },
};

describe('readArguments', () => {
  it('fills in defaults', () => {
    expect(readArguments(definition, { count: 3 })).toEqual({
      args: { ratio: 0.5, count: 3, status: 500, requests: [], routes: [] },
      problems: [],
    });
  });

  it('keeps what is given', () => {
    const given = { ratio: 0, count: 10, status: 'slow', requests: [0, 99], routes: ['/api/backend/users'] };
    expect(readArguments(definition, given)).toEqual({ args: given, problems: [] });
  });

  it.each([
    ['ratio', 1.01, 'a number from 0 to 1'],
    ['ratio', -0.01, 'a number from 0 to 1'],
    ['ratio', Number.NaN, 'a number from 0 to 1'],
    ['ratio', '0.5', 'a number from 0 to 1'],
    ['count', undefined, 'a whole number from 1 to 10'],
    ['count', 1.5, 'a whole number from 1 to 10'],
    ['count', 0, 'a whole number from 1 to 10'],
    ['status', '500', 'one of 500, slow'],
    ['requests', 3, 'a list of numbers'],
    ['routes', '/api/backend/users', 'a list of routes, empty for all'],
    ['rate', 1, 'no such field'],
    ['toString', 1, 'no such field'],
  ])('says what is wrong when %s is %j', (field, value, expected) => {
    expect(readArguments(definition, { count: 1, [field]: value }).problems).toEqual([{ field, value, expected }]);
  });

  it('wants at least one route where all of them make no sense', () => {
    const args = { routes: { kind: 'routes', required: true, help: '' } } as const;
    expect(readArguments({ ...definition, args }, {}).problems).toEqual([
      { field: 'routes', value: [], expected: 'a list of at least one route' },
    ]);
  });

  it.each([
    ['requests', [0, 100], 1, 'a whole number from 0 to 99'],
    ['requests', [-1], 0, 'a whole number from 0 to 99'],
    ['requests', [0.5], 0, 'a whole number from 0 to 99'],
    ['routes', ['/health'], 0, expect.stringMatching(/^one of \/api/)],
  ])('says what is wrong within when %s is %j', (list, given, index, expected) => {
    expect(readArguments(definition, { count: 1, [list]: given }).problems).toEqual([
      { field: `${list}.${index}`, value: given[index], expected },
    ]);
  });

  it('says all that is wrong at once', () => {
    const { problems } = readArguments(definition, { ratio: 2, rate: 1 });
    expect(problems.map(({ field }) => field)).toEqual(['ratio', 'count', 'rate']);
  });
});
