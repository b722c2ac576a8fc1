/**
 * Writes protobuf into one buffer that grows, without making an object per message: a nested message is written in place,
 * behind the room that its length usually needs.
 * @source https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter {
  #bytes: Buffer;
  #at = 0;

  constructor(initialBytes: number) {
    this.#bytes = Buffer.allocUnsafe(initialBytes);
  }

  get length(): number {
    return this.#at;
  }

  /** Forgets what was written. */
  clear(): void {
    this.#at = 0;
  }

  /** A copy of what was written. */
  copy(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at));
  }

  /** Begins a nested message of usually fewer than 128 bytes; what is returned is for `end`. */
  begin(tag: number): number {
    this.#varint32(tag);
    this.#reserve(1);
    this.#at += 1;
    return this.#at;
  }

  /** Ends the message that began at `start`. */
  end(start: number): void {
    const length = this.#at - start;
    const moveBy = varintBytes(length) - 1;
    if (moveBy > 0) {
      this.#reserve(moveBy);
      this.#bytes.copyWithin(start + moveBy, start, this.#at);
    }
    this.#at = start - 1;
    this.#varint32(length);
    this.#at += length;
  }

  string(tag: number, value: string): void {
    this.#varint32(tag);
    // A character takes at most 3 bytes; one of two code units takes 4.
    this.#reserve(5 + 3 * value.length);
    const start = this.#at + varintBytes(value.length);
    const length = this.#characters(value, start);
    const needed = varintBytes(length) - (start - this.#at);
    if (needed > 0) this.#bytes.copyWithin(start + needed, start, start + length);
    this.#varint32(length);
    this.#at += length;
  }

  bytes(tag: number, value: Uint8Array): void {
    this.#varint32(tag);
    this.#varint32(value.length);
    this.raw(value);
  }

  /** Bytes that are protobuf already. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** A byte string given as lower-case hexadecimal digits. */
  hex(tag: number, digits: string): void {
    this.#varint32(tag);
    const length = digits.length >> 1;
    this.#varint32(length);
    this.#reserve(length);
    for (let index = 0; index < digits.length; index += 2) {
      this.#bytes[this.#at++] = (nibble(digits.charCodeAt(index)) << 4) | nibble(digits.charCodeAt(index + 1));
    }
  }

  uint32(tag: number, value: number): void {
    this.#varint32(tag);
    this.#varint32(value);
  }

  /** An int64; exact for every integer a number can be. */
  int64(tag: number, value: number): void {
    if (value >= 0 && value <= 0x7fffffff) {
      this.uint32(tag, value);
      return;
    }
    this.#varint32(tag);
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.#bytes[this.#at++] = Number(rest & 127n) | 128;
    this.#bytes[this.#at++] = Number(rest);
  }

  double(tag: number, value: number): void {
    this.#varint32(tag);
    this.#reserve(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  fixed32(tag: number, value: number): void {
    this.#varint32(tag);
    this.#fixed32(value);
  }

  /** The 64 bits of `upper * 65536 + lower`; both are integers of at most 52 bits. */
  fixed64(tag: number, upper: number, lower: number): void {
    this.#varint32(tag);
    const low = (upper % 0x10000) * 0x10000 + lower;
    this.#fixed32(low % 0x100000000);
    this.#fixed32(Math.floor(upper / 0x10000) + Math.floor(low / 0x100000000));
  }

  #fixed32(value: number): void {
    this.#reserve(4);
    const bytes = this.#bytes;
    bytes[this.#at++] = value;
    bytes[this.#at++] = value >>> 8;
    bytes[this.#at++] = value >>> 16;
    bytes[this.#at++] = value >>> 24;
  }

  #varint32(value: number): void {
    this.#reserve(5);
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.#bytes[this.#at++] = (rest & 127) | 128;
    this.#bytes[this.#at++] = rest;
  }

  /** Short ASCII is copied here: a call into the runtime costs more than that. */
  #characters(value: string, start: number): number {
    if (value.length > 64) return this.#bytes.write(value, start);
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127) return this.#bytes.write(value, start);
      this.#bytes[start + index] = code;
    }
    return value.length;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#at + bytes));
    // All of it: where the length of a message is written, its content stands behind.
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}

function varintBytes(value: number): number {
  if (value < 1 << 7) return 1;
  if (value < 1 << 14) return 2;
  if (value < 1 << 21) return 3;
  return value < 1 << 28 ? 4 : 5;
}

/** Digits come before small letters: 0x30 to 0x39, 0x61 to 0x66. */
function nibble(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}
