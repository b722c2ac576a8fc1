import { createProgress, type Progress } from '../progress.ts';
import type { ToolName } from '../toolchain/tool-name.ts';
import { ensureTools, type Tools } from '../toolchain/toolchain.ts';

/** What every command gets: how it is interrupted, and how it shows what it does. */
export interface Session {
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Progress goes to standard error, so that what a command says can be piped. */
export function createSession(signal: AbortSignal): Session {
  const { stderr } = process;
  return { signal, progress: createProgress({ stream: stderr, isTTY: stderr.isTTY === true }) };
}

/** All of the native stack, or only these. */
export function allTools({ signal, progress }: Session, install: boolean, only?: readonly ToolName[]): Promise<Tools> {
  return ensureTools({ progress, signal, install, ...(only ? { only } : {}) });
}
