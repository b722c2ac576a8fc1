import type { Argument } from './argument.ts';

/** Name, what it may be with its unit, what it is by default, and what it does. */
export function describeArgument(name: string, argument: Argument): readonly [string, string, string, string] {
  return [name, rangeOf(argument), defaultOf(argument), argument.help];
}

function rangeOf(argument: Argument): string {
  switch (argument.kind) {
    case 'number': {
      const { min, max, unit } = argument;
      const of = unit === 'share' || unit === 'count' ? '' : ` ${unit}`;
      return `${min} to ${max}${of}`;
    }
    case 'choice':
      return argument.of.join(', ');
    case 'numbers':
      return `numbers from 0 to ${argument.max}`;
    case 'routes':
      return 'routes';
  }
}

function defaultOf(argument: Argument): string {
  if (argument.kind === 'routes') return argument.required ? 'to be given' : 'all';
  const { default: usual } = argument;
  if (usual === undefined) return 'to be given';
  return Array.isArray(usual) ? usual.join(',') || 'none' : String(usual);
}
