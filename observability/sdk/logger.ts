import pino, { type DestinationStream, type Logger } from 'pino';
import { correlationFields, currentRequest } from './context.ts';

export type { Logger } from 'pino';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly service: string;
  readonly instance: string;
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
  return pino(
    {
      level: options.level,
      base: { service: options.service, instance: options.instance },
      formatters: { level: (level) => ({ level }) },
      mixin: () => {
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
export function bufferedStdout(): LogDestination {
  return pino.destination({ dest: 1, sync: true, minLength: 4096, periodicFlush: 100 });
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
