import type { EnvHttpProxyAgent, RequestInit, Response } from 'undici';
import { ToolError } from '../errors.ts';

const connectTimeoutMs = 3000;

/** Without a network only the first tool pays for finding out. */
const answers = new Map<string, Promise<boolean>>();

/**
 * A GET that follows redirects.
 * @throws ToolError DOWNLOAD_FAILED
 */
export async function get(url: string, signal: AbortSignal): Promise<Response> {
  const response = await request(url, { signal }).catch((cause: unknown) => {
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

/** True when the host of a URL answers anything at all. Asked once for each host. */
export function isReachable(url: string): Promise<boolean> {
  const { origin } = new URL(url);
  const known = answers.get(origin) ?? answersAtAll(origin);
  answers.set(origin, known);
  return known;
}

async function answersAtAll(origin: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(connectTimeoutMs + 1000);
    await request(origin, { method: 'HEAD', redirect: 'manual', signal });
    return true;
  } catch {
    return false;
  }
}

let agent: EnvHttpProxyAgent | undefined;

/** Loaded when it is needed: a start with every tool in place would pay 0.1 s for it. Honours HTTP(S)_PROXY and NO_PROXY. */
async function request(url: string, init: RequestInit): Promise<Response> {
  const undici = await import('undici');
  agent ??= new undici.EnvHttpProxyAgent({
    connect: { timeout: connectTimeoutMs },
    headersTimeout: 15_000,
    bodyTimeout: 30_000,
  });
  return undici.fetch(url, { ...init, dispatcher: agent });
}
