import type { Source } from './source.ts';
import type { ToolName } from './tool-name.ts';
import type { VersionRange } from './version.ts';

/** Binaries that come together and must be of one version: they are always used from one folder. */
export interface Kit {
  /** For people: `Prometheus`. */
  readonly title: string;
  readonly tools: readonly ToolName[];
  /** What to look for on PATH, preferred first: the command of each tool. */
  readonly commands: readonly Readonly<Partial<Record<ToolName, string>>>[];
  /** Folders to look in after those of PATH, best first. */
  readonly folders?: () => Promise<readonly string[]>;
  readonly accepts: VersionRange;
  /** How a command tells its version; the first group of `pattern` is the version. */
  readonly version: { readonly args: readonly string[]; readonly pattern: RegExp };
  /** How to get it, in this order, when it is neither on PATH nor in the cache. */
  readonly sources: readonly Source[];
  /** Its package in each package manager, for the command that a person has to type. */
  readonly packages?: SystemPackages;
}

export interface SystemPackages {
  readonly apt: string;
  readonly dnf: string;
  readonly apk: string;
  readonly brew: string;
}
