import { createProgress } from '#runner/progress.ts';
import type { ToolName } from '#runner/toolchain/tool-name.ts';
import { ensureTools, type Tools } from '#runner/toolchain/toolchain.ts';

/** The real tools a test needs, found or got as the product itself does it; all of them when none is named. */
export function toolsFor(...names: readonly ToolName[]): Promise<Tools> {
  const progress = createProgress({ stream: process.stderr, isTTY: false });
  return ensureTools({
    progress,
    signal: AbortSignal.timeout(1_800_000),
    ...(names.length > 0 ? { only: names } : {}),
  });
}
