import type { ServiceName } from '#catalog/services.ts';
import type { GrafanaInstallation } from '../../grafana.ts';
import type { ProcessSpec } from '../../process.ts';
import type { ReadinessCheck } from '../../ready.ts';
import type { Tools } from '../../toolchain/toolchain.ts';
import type { StackOptions } from '../runtime.ts';

/** How one service of the catalog runs as a plain process. */
export interface NativeService {
  readonly name: ServiceName;
  /** Writes configuration and data; runs once, before the first start. */
  prepare?(context: NativeContext): Promise<void>;
  command(context: NativeContext): Command;
  ready(context: NativeContext): ReadinessCheck;
  /** Throws away what it remembers, while it does not run. */
  forget?(context: NativeContext): Promise<void>;
  /** Removes what lies outside the stack's directory. */
  cleanUp?(context: NativeContext): Promise<void>;
  /** Started again when it ends by itself. */
  readonly restarts?: boolean;
}

export type Command = Omit<ProcessSpec, 'name' | 'cwd' | 'logFile'> & { readonly cwd?: string };

/** What a native service may know about the stack that it belongs to. */
export interface NativeContext {
  readonly options: StackOptions;
  readonly tools: Tools;
  /** Absent where it is not installed. */
  readonly grafana?: GrafanaInstallation;
  readonly controlToken: string;
  readonly tokenSecret: string;
  readonly databasePassword: string;
  readonly signal: AbortSignal;
  /** The service's own directory; it exists. */
  directory(service: ServiceName): string;
  logFile(service: ServiceName): string;
}
