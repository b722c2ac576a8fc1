import { processFaults } from '#catalog/faults/process.ts';
import type { Fault } from './fault.ts';

const definition = processFaults['telemetry-loss'];

export const telemetryLoss: Fault<typeof definition> = {
  name: 'telemetry-loss',
  definition,
  arm({ signal: lost }, { signal, parts: { outlets } }) {
    for (const [name, outlet] of Object.entries(outlets)) if (lost === 'all' || lost === name) outlet.shut(signal);
    return undefined;
  },
};
