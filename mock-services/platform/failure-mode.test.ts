import { describe, expect, it } from 'vitest';
import { type RequestContext, runInRequest } from '#observability/sdk/context.ts';
import { untraced } from '#observability/sdk/tracing.ts';
import { createFailureDraw, currentFailureMode, type FailureDraw, type Fallible } from './failure-mode.ts';

const options = { ratio: 0.2, seed: 'a', instance: 'backend-1' };

function take(n: number, draw: FailureDraw) {
  return Array.from({ length: n }, draw);
}

function count(modes: readonly unknown[]) {
  return Object.fromEntries([...Map.groupBy(modes, (mode) => mode)].map(([mode, all]) => [mode, all.length]));
}

describe('failures by themselves', () => {
  it('are an exact share of the requests, in an exact mix', () => {
    const modes = take(1_000, createFailureDraw(options));
    expect(count(modes)).toEqual({ undefined: 800, internal: 80, database: 50, unavailable: 40, timeout: 30 });
  });

  it('are the same again for the same seed, and others for another replica', () => {
    const modes = take(500, createFailureDraw(options));
    expect(take(500, createFailureDraw(options))).toEqual(modes);
    expect(take(500, createFailureDraw({ ...options, instance: 'backend-2' }))).not.toEqual(modes);
  });

  it('come in an order of their own in each twenty', () => {
    const draw = createFailureDraw({ ...options, ratio: 1 });
    expect(take(20, draw)).not.toEqual(take(20, draw));
  });

  it('are drawn once for a request, and only when somebody asks', () => {
    let drawn = 0;
    const draw: FailureDraw = () => {
      drawn += 1;
      return 'timeout';
    };
    const request: RequestContext & Fallible = { requestId: 'r', ...untraced, draw, failureMode: undefined };
    expect(drawn).toBe(0);
    expect(runInRequest(request, () => [currentFailureMode(), currentFailureMode()])).toEqual(['timeout', 'timeout']);
    expect(drawn).toBe(1);
  });

  it('do not befall what is done outside of a request', () => {
    expect(currentFailureMode()).toBeUndefined();
    expect(runInRequest({ requestId: 'r', ...untraced }, currentFailureMode)).toBeUndefined();
  });
});
