import type { Probe } from './probe.ts';

export function httpProbe(name: string, url: string, status: number): Probe {
  return {
    name,
    expected: `status ${status}`,
    async look(signal) {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) });
      await response.arrayBuffer();
      return { held: response.status === status, observed: `status ${response.status}` };
    },
  };
}
