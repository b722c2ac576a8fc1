import { inject } from 'vitest';
import { toolsFor } from '#tests/support/tools.ts';
import { storeProcesses } from './store-processes.ts';
import type { StoreRuntime } from './store-runtime.ts';

export const storeKinds = ['containers', 'processes'] as const;

declare module 'vitest' {
  interface ProvidedContext {
    readonly stores: (typeof storeKinds)[number];
  }
}

/** What the stores of these tests run in. */
export async function storeRuntime(): Promise<StoreRuntime> {
  if (inject('stores') === 'processes') return storeProcesses(await toolsFor('postgres', 'initdb', 'valkey'));
  return (await import('./store-containers.ts')).storeContainers;
}
