import { processFaults } from '#catalog/faults/process.ts';
import type { ArmedFault, Fault, FaultSite } from './fault.ts';

const definition = processFaults.crash;

/** So long the answer to whoever ordered it has to leave. */
const answerMs = 50;

/** Ends the process as an error does that nobody caught. What is in memory is gone with it, this fault too. */
export const crash: Fault<typeof definition> = {
  name: 'crash',
  definition,
  arm({ afterRequests, everySeconds }, site) {
    if (afterRequests > 0) return afterSoMany(afterRequests, site);
    site.signal.addEventListener('abort', site.clock.after(Math.max(1000 * everySeconds, answerMs), end), {
      once: true,
    });
    return undefined;
  },
};

function afterSoMany(requests: number, { clock, signal }: FaultSite): ArmedFault {
  let left = requests;
  const strike = () => {
    left -= 1;
    if (left === 0) signal.addEventListener('abort', clock.after(0, end), { once: true });
    return undefined;
  };
  return { request: { matches: () => true, strike } };
}

/** What a connection throws that nobody listens to: the error has no place in our code, its stack is Node's own. */
function end(): void {
  const error = Object.assign(new Error('read ECONNRESET'), { errno: -104, code: 'ECONNRESET', syscall: 'read' });
  error.stack = [
    'Error: read ECONNRESET',
    '    at TCP.onStreamRead (node:internal/stream_base_commons:216:20)',
    '    at TCP.callbackTrampoline (node:internal/async_hooks:130:17)',
  ].join('\n');
  throw error;
}
