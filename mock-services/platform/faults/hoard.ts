import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MiB = 1024 * 1024;
const bytesPerNumber = 8;
const mostBuffersMiB = 4_096;

/** Takes memory and keeps it until the signal is aborted; the result takes more, up to so many whole MiB in all. */
export function hoard(memory: string | number, until: AbortSignal): (sizeMiB: number) => void {
  return memory === 'heap' ? hoardHeap(until) : hoardBuffers(until);
}

function hoardHeap(until: AbortSignal): (sizeMiB: number) => void {
  const held: unknown[] = [];
  const giveBack = () => {
    held.length = 0;
    collectGarbage();
  };
  until.addEventListener('abort', giveBack, { once: true });
  return (sizeMiB) => {
    while (!until.aborted && held.length + 1 <= sizeMiB) held.push(oneMiB());
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

function oneMiB(): unknown {
  return Array.from({ length: MiB / bytesPerNumber }, (_, index) => index + 0.5);
}

/** V8 would leave it for minutes in a process that does little. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: typeof gc = runInNewContext('gc');
  collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
