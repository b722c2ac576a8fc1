import { expect, it } from 'vitest';
import { ProtobufWriter } from './protobuf-writer.ts';

it.each(Array.from({ length: 40 }, (_, index) => index + 1))(
  'what is written does not depend on the %d bytes it began with',
  (bytes) => {
    const writer = new ProtobufWriter(bytes);
    const outer = writer.begin(0x0a);
    writer.string(0x0a, 'é');
    const inner = writer.begin(0x12);
    writer.raw(Uint8Array.of(0x18, 2));
    writer.end(inner);
    writer.end(outer);
    expect(writer.copy().toString('hex')).toBe('0a080a02c3a912021802');
  },
);
