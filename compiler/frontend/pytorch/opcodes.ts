/**
 * The pickle opcodes of protocols 2 to 5 that torch.save can write: the arguments after each opcode, and its effect
 * on the machine of `pickle.ts`. Text opcodes of protocol 0, extension codes and out-of-band buffers are not
 * supported.
 */
import type { Value } from './values.ts';

/** Reads the arguments after an opcode and checks the bounds. */
export interface Arguments {
  byte(): number;
  /** Reads an unsigned little-endian number of this many bytes. */
  count(bytes: 2 | 4 | 8): number;
  signed(): number;
  double(): number;
  text(length: number): string;
  bytes(length: number): Uint8Array;
  line(): string;
}

export interface Machine {
  readonly read: Arguments;
  push(value: Value): void;
  pop(): Value;
  top(): Value;
  mark(): void;
  /** Removes the last mark and returns the values above it. */
  popMark(): Value[];
  /** Removes the top, which may be a mark. */
  drop(): void;
  remember(index: number): void;
  rememberNext(): void;
  recall(index: number): void;
  append(values: readonly Value[]): void;
  setItems(pairs: readonly Value[]): void;
  global(module: Value, name: Value): void;
  reduce(): void;
  build(): void;
  persistent(): void;
  refuse(found: string): never;
}

type Effect = (m: Machine) => void;

const tuple = (items: readonly Value[]): Value => ({ kind: 'tuple', items });

function popTuple(m: Machine, length: number): void {
  const items = Array.from({ length }, () => m.pop()).reverse();
  m.push(tuple(items));
}

/** Reads a whole number of `length` bytes in two's complement. No value beyond 64 bits matters in a checkpoint. */
function popLong(m: Machine, length: number): void {
  const bytes = m.read.bytes(length);
  if (length > 8) return m.push({ kind: 'opaque', what: 'a long number' });
  const unsigned = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  m.push(Number(BigInt.asIntN(8 * Math.max(length, 1), unsigned)));
}

const newList = (m: Machine, items: Value[]): void => m.push({ kind: 'list', items });
const newDict = (m: Machine): void => m.push({ kind: 'dict', entries: new Map() });

/** Effects by the byte of the opcode. The machine itself handles PROTO and STOP. */
export const EFFECTS: Readonly<Record<number, Effect>> = {
  // FRAME: its length only helps readers of streams.
  0x95: (m) => void m.read.count(8),
  // MARK, POP, POP_MARK, DUP
  0x28: (m) => m.mark(),
  0x30: (m) => m.drop(),
  0x31: (m) => void m.popMark(),
  0x32: (m) => m.push(m.top()),
  // NONE, NEWTRUE, NEWFALSE
  0x4e: (m) => m.push(null),
  0x88: (m) => m.push(true),
  0x89: (m) => m.push(false),
  // BININT, BININT1, BININT2, LONG1, LONG4, BINFLOAT
  0x4a: (m) => m.push(m.read.signed()),
  0x4b: (m) => m.push(m.read.byte()),
  0x4d: (m) => m.push(m.read.count(2)),
  0x8a: (m) => popLong(m, m.read.byte()),
  0x8b: (m) => popLong(m, m.read.count(4)),
  0x47: (m) => m.push(m.read.double()),
  // BINUNICODE, SHORT_BINUNICODE, BINUNICODE8
  0x58: (m) => m.push(m.read.text(m.read.count(4))),
  0x8c: (m) => m.push(m.read.text(m.read.byte())),
  0x8d: (m) => m.push(m.read.text(m.read.count(8))),
  // BINSTRING, SHORT_BINSTRING: Python 2's text
  0x54: (m) => m.push(m.read.text(m.read.count(4))),
  0x55: (m) => m.push(m.read.text(m.read.byte())),
  // BINBYTES, SHORT_BINBYTES, BINBYTES8, BYTEARRAY8
  0x42: (m) => skipBytes(m, m.read.count(4)),
  0x43: (m) => skipBytes(m, m.read.byte()),
  0x8e: (m) => skipBytes(m, m.read.count(8)),
  0x96: (m) => skipBytes(m, m.read.count(8)),
  // EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3
  0x29: (m) => m.push(tuple([])),
  0x74: (m) => m.push(tuple(m.popMark())),
  0x85: (m) => popTuple(m, 1),
  0x86: (m) => popTuple(m, 2),
  0x87: (m) => popTuple(m, 3),
  // EMPTY_LIST, LIST, APPEND, APPENDS
  0x5d: (m) => newList(m, []),
  0x6c: (m) => newList(m, m.popMark()),
  0x61: (m) => m.append([m.pop()]),
  0x65: (m) => m.append(m.popMark()),
  // EMPTY_DICT, DICT, SETITEM, SETITEMS
  0x7d: newDict,
  0x64: (m) => {
    const pairs = m.popMark();
    newDict(m);
    m.setItems(pairs);
  },
  0x73: (m) => {
    const value = m.pop();
    m.setItems([m.pop(), value]);
  },
  0x75: (m) => m.setItems(m.popMark()),
  // EMPTY_SET, ADDITEMS, FROZENSET
  0x8f: (m) => m.push({ kind: 'opaque', what: 'a set' }),
  0x90: (m) => void m.popMark(),
  0x91: (m) => {
    m.popMark();
    m.push({ kind: 'opaque', what: 'a set' });
  },
  // GLOBAL, STACK_GLOBAL
  0x63: (m) => m.global(m.read.line(), m.read.line()),
  0x93: (m) => {
    const name = m.pop();
    m.global(m.pop(), name);
  },
  // REDUCE, NEWOBJ, BUILD, BINPERSID
  0x52: (m) => m.reduce(),
  0x81: (m) => m.reduce(),
  0x62: (m) => m.build(),
  0x51: (m) => m.persistent(),
  // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  0x71: (m) => m.remember(m.read.byte()),
  0x72: (m) => m.remember(m.read.count(4)),
  0x94: (m) => m.rememberNext(),
  0x68: (m) => m.recall(m.read.byte()),
  0x6a: (m) => m.recall(m.read.count(4)),
};

function skipBytes(m: Machine, length: number): void {
  m.read.bytes(length);
  m.push({ kind: 'opaque', what: 'bytes' });
}
