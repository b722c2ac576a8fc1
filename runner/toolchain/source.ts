import type { CacheKey } from './cache.ts';
import type { ToolName } from './tool-name.ts';

/** One way to get a kit: into the cache, or into the system, where it is then found as if it had always been there. */
export type Source = CachedSource | SystemSource;

export interface CachedSource extends Obtainable {
  readonly keeps: 'cache';
  /** Version of what it yields. */
  readonly version: string;
  /** Where each binary lies in the folder that `fill` leaves behind. */
  readonly files: Readonly<Partial<Record<ToolName, string>>>;
  /** Changes when anything changes that determines the binaries. */
  key(): Promise<CacheKey>;
  /** @throws ToolError when it does not work; the folder is then thrown away. */
  fill(folder: string, context: SourceContext): Promise<void>;
}

export interface SystemSource extends Obtainable {
  readonly keeps: 'system';
  /** @throws ToolError INSTALL_FAILED */
  install(context: SourceContext): Promise<void>;
}

interface Obtainable {
  /** How it comes about: `built from source with Go`. */
  readonly promise: string;
  /** Why it cannot be tried on this machine. */
  obstacle(context: Pick<SourceContext, 'install'>): Promise<string | undefined>;
}

export interface SourceContext {
  readonly signal: AbortSignal;
  /** Says what is being done right now. */
  readonly report: (detail: string) => void;
  /** Says something that is worth keeping; the same words only once. */
  readonly note: (line: string) => void;
  /** The person asked to install system packages, by sudo where needed. */
  readonly install: boolean;
}
