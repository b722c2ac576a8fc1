import { EnvHttpProxyAgent, fetch, type Response } from 'undici';
import { ToolError } from '../errors.ts';

const connectTimeoutMs = 3000;

/** Honours HTTP(S)_PROXY and NO_PROXY. */
const agent = new EnvHttpProxyAgent({
  connect: { timeout: connectTimeoutMs },
  headersTimeout: 15_000,
  bodyTimeout: 30_000,
});

/** Whether a host answers, asked once for the whole run: without a network no tool but the first pays for finding out. */
const answers = new Map<string, Promise<boolean>>();

/**
 * A GET that follows redirects.
 * @throws ToolError HOST_UNREACHABLE, DOWNLOAD_FAILED
 */
export async function get(url: string, signal: AbortSignal): Promise<Response> {
  const { origin, host } = new URL(url);
  if (!(await isReachable(origin))) throw new ToolError('HOST_UNREACHABLE', `${host} does not answer`);
  signal.throwIfAborted();
  const response = await fetch(url, { dispatcher: agent, signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new ToolError('DOWNLOAD_FAILED', `${url} cannot be downloaded: ${reason(cause)}`, { cause });
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new ToolError('DOWNLOAD_FAILED', `${url} answers ${response.status}`);
}

/** The innermost message of a failed fetch: the outer one only says that it failed. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reason(error.cause) : error.message;
}

function isReachable(origin: string): Promise<boolean> {
  const known = answers.get(origin);
  if (known) return known;
  const asked = fetch(origin, {
    method: 'HEAD',
    redirect: 'manual',
    dispatcher: agent,
    signal: AbortSignal.timeout(connectTimeoutMs + 1000),
  }).then(
    () => true,
    () => false,
  );
  answers.set(origin, asked);
  return asked;
}
