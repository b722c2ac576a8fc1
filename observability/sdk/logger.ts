import pino, { type DestinationStream, type Logger } from 'pino';
import { correlationFields, currentRequest } from './context.ts';
import type { Outlet } from './outlet.ts';

export type { Logger } from 'pino';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly service: string;
  readonly instance: string;
  /** Told of every line, by its level. */
  written?(level: LogLevel): void;
}

/** A place log lines go to that can be emptied at once, so that a crash keeps its last lines. */
export interface LogDestination extends DestinationStream {
  flushSync(): void;
}

/**
 * JSON lines: `level` a word, `time` Unix milliseconds, then `service`, `instance`, the correlation of the request being
 * served (`request_id`, `trace_id`, `span_id`, `trace_flags`) and `msg`.
 */
export function createLogger(options: LoggerOptions, destination: LogDestination): Logger {
  const { written } = options;
  return pino(
    {
      level: options.level,
      base: { service: options.service, instance: options.instance },
      formatters: { level: (level) => ({ level }) },
      mixin: (_fields, level, { levels }) => {
        written?.(levels.labels[level] as LogLevel);
        const context = currentRequest();
        return context === undefined ? {} : correlationFields(context);
      },
    },
    destination,
  );
}

/**
 * Standard output, written in chunks: at 4 KB and after 100 ms at the latest. A write is synchronous: one under way in the
 * background would be overtaken, or lost, when the process ends.
 */
export function bufferedStdout(outlet: Outlet): LogDestination {
  const stdout = pino.destination({ dest: 1, sync: true, minLength: 4096, periodicFlush: 100 });
  return {
    write: (line) => void (outlet.isShut || stdout.write(line)),
    flushSync: () => stdout.flushSync(),
  };
}

/**
 * Writes out what is buffered on every end that JavaScript gets to see: an uncaught error is logged and ends the process
 * with code 1, an exit and `process.abort` come after the last line.
 */
export function keepLastLines(logger: Logger, destination: LogDestination): void {
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught error');
    process.exit(1);
  });
  process.on('exit', () => destination.flushSync());
  // Abort runs no exit handlers: without this the last 100 ms of lines would die with the process.
  const abort = process.abort.bind(process);
  process.abort = (): never => {
    destination.flushSync();
    return abort();
  };
}
