/** What a store runs in: a process, or a container. */
export interface StoreBox extends AsyncDisposable {
  /** It need not be ready then. */
  start(): Promise<void>;
  /** Ends it at once; its data stay. */
  stop(): Promise<void>;
  /** Stops it from answering, its connections left open. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}

/** Runs stores on ports of the loopback address; none is started yet. */
export interface StoreRuntime {
  /** Lets `firedrill` in without a password. */
  postgres(port: number): Promise<StoreBox>;
  /** `settings` are further arguments. */
  valkey(port: number, settings: readonly string[]): Promise<StoreBox>;
}

/** Of which no data are to survive a crash of the machine. */
export const postgresSettings = ['fsync=off', 'shared_buffers=16MB'] as const;
