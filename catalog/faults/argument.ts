import { routes } from '../signals.ts';

/** What one argument of a fault may be. One without a default must be given; that of `routes` is none, which is all. */
export type Argument = NumberArgument | ChoiceArgument | NumbersArgument | RoutesArgument;

interface Described {
  /** What it does, in a sentence without its unit and range, which are said by the rest. */
  readonly help: string;
}

interface NumberArgument extends Described {
  readonly kind: 'number';
  /** `share` is 0 to 1. The name of an argument with another unit ends with it: `delayMs`, `sizeMiB`, `perSecond`. */
  readonly unit: 'share' | 'ms' | 's' | 'MiB' | 'MiB/s' | 'KiB/s' | '1/s' | 'count';
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
  readonly default?: number;
}

interface ChoiceArgument extends Described {
  readonly kind: 'choice';
  readonly of: readonly (string | number)[];
  readonly default?: string | number;
}

/** Whole numbers, such as the numbers of requests, counted from 0. */
interface NumbersArgument extends Described {
  readonly kind: 'numbers';
  readonly max: number;
  readonly default?: readonly number[];
}

/** Templates of routes of the API; all of them when empty, unless it is required. */
interface RoutesArgument extends Described {
  readonly kind: 'routes';
  readonly required?: true;
}

/** Where a fault is. */
export const places = {
  service: 'In a replica',
  network: 'On the way between two services',
  infrastructure: 'In processes, their configuration, and what is deployed',
} as const;
export type FaultPlace = keyof typeof places;

/** One kind of fault, as everybody has to know it who orders, does or describes it. */
export interface FaultDefinition {
  readonly place: FaultPlace;
  /** One sentence: what becomes of the target. */
  readonly effect: string;
  /** What it can be done to: any replica, or services by name. */
  readonly targets: readonly string[];
  readonly args: Readonly<Record<string, Argument>>;
  /** It is done by its target to what all replicas share: it can reach every request. */
  readonly reach?: 'all';
  /** It may end the process of its target, which is then started again. In a replica it ends with it: what was ordered in one process no other knows of. */
  readonly endsProcess?: true;
}

/** Whether such a fault goes on: whoever holds its lease orders it again when the process is back. */
export function isOrderedAgain({ endsProcess }: FaultDefinition, args: Readonly<Record<string, unknown>>): boolean {
  return endsProcess === true && args.everySeconds !== 0;
}

/** As a target: every replica of the stack. */
export const anyReplica = 'backend-*';

type ValueOf<A> = A extends { kind: 'number' }
  ? number
  : A extends { kind: 'choice'; of: readonly (infer Value)[] }
    ? Value
    : A extends { kind: 'numbers' }
      ? readonly number[]
      : readonly string[];

/** The arguments of a fault once they were read: all of them are there. */
export type ArgsOf<Definition extends FaultDefinition> = {
  readonly [Name in keyof Definition['args']]: ValueOf<Definition['args'][Name]>;
};

export interface ArgumentProblem {
  readonly field: string;
  readonly value: unknown;
  readonly expected: string;
}

export const noSuchField = 'no such field';

/** The routes of the API, by template: what a fault that acts on requests may touch. */
const faultableRoutes: readonly string[] = [
  ...new Set(routes.map(({ route }) => route).filter((route) => route.startsWith('/api/'))),
];

/** `routes`: those that may be named. The arguments with their defaults, to be used when there are no problems, and all that is wrong with them. */
export function readArguments<Definition extends FaultDefinition>(
  definition: Definition,
  given: Readonly<Record<string, unknown>>,
  routes: readonly string[] = faultableRoutes,
): { readonly args: ArgsOf<Definition>; readonly problems: readonly ArgumentProblem[] } {
  const unknown = Object.entries(given)
    .filter(([field]) => !Object.hasOwn(definition.args, field))
    .map(([field, value]) => ({ field, value, expected: noSuchField }));
  const read = Object.entries(definition.args).map(([field, argument]) => {
    const value = given[field] ?? defaultOf(argument);
    return { field, value, problems: problemsOf(argument, field, value, routes) };
  });
  return {
    args: Object.fromEntries(read.map(({ field, value }) => [field, value])) as ArgsOf<Definition>,
    problems: [...read.flatMap(({ problems }) => problems), ...unknown],
  };
}

function problemsOf(
  argument: Argument,
  field: string,
  value: unknown,
  routes: readonly string[],
): readonly ArgumentProblem[] {
  const check = (fits: boolean, expected: string) => (fits ? [] : [{ field, value, expected }]);
  switch (argument.kind) {
    case 'number': {
      const { min, max, whole = false } = argument;
      return check(isNumber(value, min, max, whole), `a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
    }
    case 'choice':
      return check(includes(argument.of, value), `one of ${argument.of.join(', ')}`);
    case 'numbers': {
      const isOne = (each: unknown) => isNumber(each, 0, argument.max, true);
      return listProblems(field, value, isOne, 'a list of numbers', `a whole number from 0 to ${argument.max}`);
    }
    case 'routes': {
      const isOne = (each: unknown) => includes(routes, each);
      const isMissing = argument.required === true && Array.isArray(value) && value.length === 0;
      if (isMissing) return [{ field, value, expected: 'a list of at least one route' }];
      return listProblems(field, value, isOne, 'a list of routes, empty for all', `one of ${routes.join(', ')}`);
    }
  }
}

function listProblems(
  field: string,
  value: unknown,
  isOne: (each: unknown) => boolean,
  expected: string,
  expectedEach: string,
): readonly ArgumentProblem[] {
  if (!Array.isArray(value)) return [{ field, value, expected }];
  return value.flatMap((each, index) =>
    isOne(each) ? [] : [{ field: `${field}.${index}`, value: each, expected: expectedEach }],
  );
}

function defaultOf(argument: Argument): unknown {
  return argument.kind === 'routes' ? [] : argument.default;
}

function isNumber(value: unknown, min: number, max: number, whole: boolean): boolean {
  return typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
}

function includes(list: readonly unknown[], value: unknown): boolean {
  return list.includes(value);
}
