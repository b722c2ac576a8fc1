/** What ends a command: a sentence for the person, and the exit code for the script. */
export class RunnerError extends Error {
  readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RunnerError';
    this.code = code;
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}

/** 2: the caller can mend it by calling differently; 3: the harness itself could not do its work. */
const exitCodes = {
  USAGE: 2,
  PORT_BUSY: 3,
  STACK_ALREADY_UP: 3,
  STACK_NOT_UP: 3,
  DISK_FULL: 3,
  NOT_WRITABLE: 3,
  SERVICE_FAILED: 3,
  INTERRUPTED: 130,
} as const;

export type RunnerErrorCode = keyof typeof exitCodes;

/** What another process of ours named; undefined when it is none. */
export function runnerErrorCode(name: string | undefined): RunnerErrorCode | undefined {
  return name !== undefined && Object.hasOwn(exitCodes, name) ? (name as RunnerErrorCode) : undefined;
}
