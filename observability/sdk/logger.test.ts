import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { logFields } from '#catalog/signals.ts';
import { type RequestContext, runInRequest } from './context.ts';
import { createLogger } from './logger.ts';
import { untraced } from './tracing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

function setUp() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger(
    { level: 'info', service: 'backend', instance: 'backend-1' },
    { write: (line) => void lines.push(JSON.parse(line)), flushSync: () => undefined },
  );
  return { lines, logger };
}

describe('a log line', () => {
  it('has exactly the fields of the catalog at its top when a traced request is being served', () => {
    const { lines, logger } = setUp();
    const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: 1 });
    const context: RequestContext = { requestId: 'r-1', span, spanContext: ROOT_CONTEXT };
    runInRequest(context, () => logger.warn('hello'));
    expect(Object.keys(lines[0] ?? {}).sort()).toEqual([...logFields].sort());
    expect(lines[0]).toMatchObject({
      level: 'warn',
      service: 'backend',
      instance: 'backend-1',
      trace_id: traceId,
      span_id: spanId,
      trace_flags: '01',
      request_id: 'r-1',
      msg: 'hello',
    });
    expect(Math.abs(Number(lines[0]?.time) - Date.now())).toBeLessThan(60_000);
  });

  it('has no trace fields for a request that is not traced, and no request outside of one', () => {
    const { lines, logger } = setUp();
    runInRequest({ requestId: 'r-1', ...untraced }, () => logger.info('inside'));
    logger.info('outside');
    expect(Object.keys(lines[0] ?? {})).toEqual(['level', 'time', 'service', 'instance', 'request_id', 'msg']);
    expect(Object.keys(lines[1] ?? {})).toEqual(['level', 'time', 'service', 'instance', 'msg']);
  });

  it('keeps its request through what is awaited', async () => {
    const { lines, logger } = setUp();
    await runInRequest({ requestId: 'r-2', ...untraced }, async () => {
      await new Promise(setImmediate);
      logger.info('later');
    });
    expect(lines[0]).toMatchObject({ request_id: 'r-2' });
  });
});
