import { describe, expect, it } from 'vitest';
import { assertDiskSpace, offsetPorts } from './preflight.ts';

const blockBytes = 4096;
const disk = (freeMiB: number) => () => ({ bsize: blockBytes, bavail: (freeMiB * 1024 * 1024) / blockBytes });

describe('assertDiskSpace', () => {
  it('says how much is free, where, and how much is needed', () => {
    expect(() => assertDiskSpace('/stack', disk(100))).toThrow(
      'Only 100 MiB are free where the stack keeps its data (/stack); it needs 512 MiB.',
    );
  });

  it('is content with enough', () => {
    expect(() => assertDiskSpace('/stack', disk(512))).not.toThrow();
  });
});

describe('offsetPorts', () => {
  it('moves every port by the offset and gives each replica its own', () => {
    const { edge, replicas } = offsetPorts(3, 1000);
    expect(edge).toBe(9080);
    expect(replicas.map(({ http }) => http)).toEqual([5001, 5002, 5003]);
  });
});
