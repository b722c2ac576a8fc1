import type { Argument, FaultDefinition } from '#catalog/faults/argument.ts';

/** What somebody typed as `name=value`, as values of the kind that the fault takes; whether they are right is read later. */
export function readTypedArguments(
  { args }: FaultDefinition,
  typed: readonly (readonly [string, string])[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(typed.map(([name, text]) => [name, typedValue(args[name], text)]));
}

function typedValue(argument: Argument | undefined, text: string): unknown {
  switch (argument?.kind) {
    case 'number':
      return numberOf(text);
    case 'choice':
      return argument.of.find((each) => String(each) === text) ?? text;
    case 'numbers':
      return listOf(text).map(numberOf);
    case 'routes':
      return listOf(text);
    default:
      return text;
  }
}

function numberOf(text: string): unknown {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

function listOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map((each) => each.trim());
}
