import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MiB = 1024 * 1024;
const bytesPerElement = 8;
const largestPieceMiB = 32;
const mostBuffersMiB = 4_096;

/** Takes memory and keeps it until the signal is aborted; the result takes more, up to so many whole MiB in all. */
export function hoard(memory: string | number, until: AbortSignal): (sizeMiB: number) => void {
  return memory === 'heap' ? hoardHeap(until) : hoardBuffers(until);
}

/** In few large pieces: near its limit V8 collects before each, which takes longer than the rest of the leak. */
function hoardHeap(until: AbortSignal): (sizeMiB: number) => void {
  const held: unknown[] = [];
  let heldMiB = 0;
  const giveBack = () => {
    held.length = 0;
    collectGarbage();
  };
  until.addEventListener('abort', giveBack, { once: true });
  return (sizeMiB) => {
    while (!until.aborted && heldMiB + 1 <= sizeMiB) {
      const pieceMiB = Math.min(Math.floor(sizeMiB - heldMiB), largestPieceMiB);
      held.push(new Array((pieceMiB * MiB) / bytesPerElement).fill(1));
      heldMiB += pieceMiB;
    }
  };
}

/** Pages of its own: those of the C library's heap stay with the process for as long as anything behind them is in use. */
function hoardBuffers(until: AbortSignal): (sizeMiB: number) => void {
  const buffer = new ArrayBuffer(0, { maxByteLength: mostBuffersMiB * MiB });
  until.addEventListener('abort', () => buffer.resize(0), { once: true });
  return (sizeMiB) => {
    const heldBytes = buffer.byteLength;
    const wantedBytes = Math.min(Math.floor(sizeMiB), mostBuffersMiB) * MiB;
    if (until.aborted || wantedBytes <= heldBytes) return;
    buffer.resize(wantedBytes);
    // Memory that nobody has written to is not there.
    new Uint8Array(buffer, heldBytes).fill(1);
  };
}

/** V8 would leave it for minutes in a process that does little. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: typeof gc = runInNewContext('gc');
  collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
