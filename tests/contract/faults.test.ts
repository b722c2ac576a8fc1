import { describe, expect, it } from 'vitest';
import { type FaultDefinition, readArguments } from '#catalog/faults/argument.ts';
import { faults } from '#catalog/faults/faults.ts';
import { operationNames } from '#catalog/operations.ts';
import { keptFaults } from '#chaos/faults/registry.ts';
import { faults as serviceFaults } from '#mock-services/platform/faults/registry.ts';
import { operations } from '#runner/operations/registry.ts';

const facts = Object.entries<FaultDefinition>(faults);

describe('the facts about faults', () => {
  it('are each done by one implementation, where they say', () => {
    const ofPlace = (inService: boolean) =>
      facts.filter(([, { place }]) => (place === 'service') === inService).map(([name]) => name);
    expect(serviceFaults.map(({ name }) => name).toSorted()).toEqual(ofPlace(true).toSorted());
    expect(keptFaults.map(({ name }) => name).toSorted()).toEqual(ofPlace(false).toSorted());
    for (const { name, definition } of [...serviceFaults, ...keptFaults]) {
      expect(definition, name).toBe(Object.fromEntries(facts)[name]);
    }
  });

  it.each(facts)('%s has defaults that are within its ranges', (_name, definition) => {
    const wrong = readArguments(definition, {}).problems.map(({ field }) => definition.args[field]);
    // What has none must be given.
    expect(wrong.filter((argument) => argument && ('default' in argument || !('required' in argument)))).toEqual([]);
  });

  it.each(facts)('%s says the unit of an argument in its name', (_name, { args }) => {
    const endings: Readonly<Record<string, RegExp>> = {
      ms: /Ms$/,
      s: /Seconds$/,
      MiB: /MiB/,
      'KiB/s': /KiBPerSecond$/,
      '1/s': /erSecond$/,
    };
    for (const [name, argument] of Object.entries(args)) {
      if (argument.kind === 'number') expect(name).toMatch(endings[argument.unit] ?? /./);
    }
  });
});

it('every operation that a drill may name can be carried out', () => {
  expect(operations.map(({ name }) => name).toSorted()).toEqual([...operationNames].toSorted());
});
