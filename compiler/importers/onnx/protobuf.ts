/**
 * Reads protobuf's wire format field by field with @bufbuild/protobuf's BinaryReader, which checks bounds. Broken
 * bytes throw an `Error` here, and the caller of `readMessage` turns it into a `Diagnostic`.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** One field of a message. Exactly one of these methods reads it; a field that is not read is skipped. */
export interface Field {
  readonly number: number;
  integer(): number;
  float(): number;
  text(): string;
  bytes(): Uint8Array;
  /** Reads repeated numbers, either packed into one field or one number per field. */
  integers(into: number[]): void;
  floats(into: number[]): void;
  doubles(into: number[]): void;
}

/** The deepest nesting of messages. No real file goes as deep. */
const MAX_DEPTH = 64;
let depth = 0;

export function readMessage(bytes: Uint8Array, visit: (field: Field) => void): void {
  if (depth >= MAX_DEPTH) throw new Error(`messages are nested ${MAX_DEPTH} deep`);
  const reader = new BinaryReader(bytes);
  depth++;
  try {
    while (reader.pos < reader.len) readField(reader, visit);
  } finally {
    depth--;
  }
}

function readField(reader: BinaryReader, visit: (field: Field) => void): void {
  const [number, wire] = reader.tag();
  const start = reader.pos;
  visit(fieldAt(reader, number, wire));
  if (reader.pos === start) reader.skip(wire, number);
}

function fieldAt(reader: BinaryReader, number: number, wire: WireType): Field {
  const expect = (wanted: WireType): void => {
    if (wire !== wanted) throw new Error(`field ${number} has wire type ${wire}, expected ${wanted}`);
  };
  const one = <T>(wanted: WireType, read: () => T) => {
    expect(wanted);
    return checked(reader, read());
  };
  const repeated = (alone: WireType, into: number[], read: (from: BinaryReader) => number): void => {
    if (wire === alone) return void into.push(checked(reader, read(reader)));
    const packed = new BinaryReader(one(WireType.LengthDelimited, () => reader.bytes()));
    while (packed.pos < packed.len) into.push(checked(packed, read(packed)));
  };
  return {
    number,
    integer: () => one(WireType.Varint, () => Number(reader.int64())),
    float: () => one(WireType.Bit32, () => reader.float()),
    text: () => one(WireType.LengthDelimited, () => reader.string()),
    bytes: () => one(WireType.LengthDelimited, () => reader.bytes()),
    integers: (into) => repeated(WireType.Varint, into, (from) => Number(from.int64())),
    floats: (into) => repeated(WireType.Bit32, into, (from) => from.float()),
    doubles: (into) => repeated(WireType.Bit64, into, (from) => from.double()),
  };
}

function checked<T>(reader: BinaryReader, value: T): T {
  if (reader.pos > reader.len) throw new RangeError('premature EOF');
  return value;
}
