import { RunnerError } from '../errors.ts';

/** How long a person waits for an answer that takes milliseconds. */
const patienceMs = 2000;

/**
 * Asks a part of the stack for a person, who is told when it hangs as when it is gone.
 * @throws RunnerError SERVICE_FAILED when it does not answer
 */
export async function ask(name: string, url: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) }).catch((cause: unknown) => {
    const service = name.startsWith('the ') ? '' : `: see "firedrill logs ${name}"`;
    throw new RunnerError('SERVICE_FAILED', `${name} does not answer${service}.`, { cause });
  });
}

export async function askJson(name: string, url: string, init?: RequestInit): Promise<unknown> {
  return await (await ask(name, url, init)).json();
}
