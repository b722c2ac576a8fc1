import type { Crash } from '../runtimes/runtime.ts';

/** What a crash means for the person in front of the stack. */
export function describeCrash({ service, how, comesBack }: Crash): string {
  const next = comesBack ? 'and is started again' : 'and stays down until the stack is started anew';
  return `${service} ended unexpectedly (${how}) ${next}; why: firedrill logs ${service}`;
}
