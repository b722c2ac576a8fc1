import { z } from 'zod';
import { RunnerError } from '../errors.ts';

const patienceMs = 5000;

/**
 * Any answer will do.
 * @throws RunnerError SERVICE_FAILED when there is none
 */
export async function assertAnswers(url: string, signal: AbortSignal): Promise<void> {
  await ask('--target', url, signal);
}

const one = z.object({ status: z.literal('success') });

/** @throws RunnerError SERVICE_FAILED when it is nobody who answers queries as Prometheus does */
export async function assertAnswersQueries(url: string, signal: AbortSignal): Promise<void> {
  const body = await ask('--prometheus', `${url}/api/v1/query?query=vector(1)`, signal);
  if (!one.safeParse(parsed(body)).success) {
    throw failed(`--prometheus: expected a Prometheus that answers at ${url} (got none)`);
  }
}

const flags = z.object({ data: z.object({ 'web.enable-remote-write-receiver': z.string() }) });

/** @throws RunnerError SERVICE_FAILED when it is no Prometheus that takes what others measured */
export async function assertTakesMeasurements(url: string, signal: AbortSignal): Promise<void> {
  const body = await ask('--prometheus', `${url}/api/v1/status/flags`, signal);
  const known = flags.safeParse(parsed(body));
  if (!known.success) throw failed(`--prometheus: expected a Prometheus that answers at ${url} (got none)`);
  if (known.data.data['web.enable-remote-write-receiver'] === 'true') return;
  throw failed(
    `--prometheus: expected one that takes measurements, started with --web.enable-remote-write-receiver (got ${url}, which does not)`,
  );
}

async function ask(field: string, url: string, signal: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) });
    return await answer.text();
  } catch (cause) {
    signal.throwIfAborted();
    const reason = (cause as Error).cause as NodeJS.ErrnoException | undefined;
    const why = reason?.code ?? reason?.message ?? (cause as Error).message;
    throw failed(`${field}: expected somebody who answers at ${url} (got ${why})`, cause);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function failed(message: string, cause?: unknown): RunnerError {
  return new RunnerError('SERVICE_FAILED', message, { cause });
}
