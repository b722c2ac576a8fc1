import type { ServiceName } from '#catalog/services.ts';
import { createProgress } from '#runner/progress.ts';
import { type OpenStack, type OpenStackOptions, openStack } from '#runner/stack.ts';
import { temporaryDirectory } from '#runner/temporary-directory.ts';
import { toolsFor } from './tools.ts';

/** A reporter that says nothing. */
export const silence = createProgress({ stream: { write: () => true }, isTTY: false });

/** Real services on free ports, in a folder of their own; only those named, and all of them when none is. */
export async function startServices(
  only: readonly ServiceName[] = [],
  options: Partial<OpenStackOptions> = {},
): Promise<OpenStack> {
  const directory = await temporaryDirectory();
  const signal = options.signal ?? new AbortController().signal;
  const tools = await toolsFor();
  const stack = await openStack({
    profile: 'steady',
    timeScale: 60,
    replicas: 2,
    ports: 'free',
    tools,
    progress: silence,
    signal,
    stateDirectory: directory.path,
    ...(only.length > 0 ? { only } : {}),
    ...options,
  });
  return {
    ...stack,
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}
