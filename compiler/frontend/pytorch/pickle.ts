/**
 * Reads a pickle as data and executes nothing. A global is only a name, which `world` must know; `world` also
 * computes the result of a call from its arguments. Every step consumes a byte of the pickle and costs what it reads,
 * except for repeated tuples and lists, which share their items. So the length of the pickle bounds time and memory.
 */
import { EFFECTS, type Arguments, type Machine } from './opcodes.ts';
import { describeValue, type Value } from './values.ts';

export interface World {
  /** Called with every global before it is used. Refuses a global that is not on its list. */
  admit(global: string): void;
  call(global: string, args: readonly Value[]): Value;
  persistent(id: Value): Value;
  /** Throws. `at` is the position in the pickle, in bytes. */
  refuse(found: string, at?: number): never;
}

const PROTO = 0x80;
const STOP = 0x2e;
const NEWEST_PROTOCOL = 5;
const MAX_LINE = 256;
const MARK = Symbol('mark');

export function readPickle(bytes: Uint8Array, world: World): Value {
  const cursor = createCursor(bytes, world);
  const machine = createMachine(cursor.read, world, () => cursor.at);
  for (;;) {
    cursor.at = cursor.next;
    const opcode = cursor.read.byte();
    if (opcode === STOP) return machine.pop();
    if (opcode === PROTO) checkProtocol(cursor.read.byte(), machine);
    else perform(opcode, machine);
  }
}

function checkProtocol(protocol: number, { refuse }: Machine): void {
  if (protocol < 2 || protocol > NEWEST_PROTOCOL)
    refuse(`it has pickle protocol ${protocol}, expected 2 to ${NEWEST_PROTOCOL}`);
}

function perform(opcode: number, machine: Machine): void {
  const effect = EFFECTS[opcode];
  if (!effect)
    return machine.refuse(
      `opcode 0x${opcode.toString(16).padStart(2, '0')} is not one that torch.save writes`,
    );
  effect(machine);
}

interface Cursor {
  /** Position of the current opcode. */
  at: number;
  readonly next: number;
  readonly read: Arguments;
}

function createCursor(bytes: Uint8Array, world: World): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let next = 0;
  const take = (length: number): number => {
    // Not written as `next + length > bytes.length`, because a length of 64 bits may be no safe integer.
    if (!(length <= bytes.length - next)) {
      world.refuse(`truncated: it ends within ${length} bytes that belong together`, cursor.at);
    }
    next += length;
    return next - length;
  };
  const slice = (length: number): Uint8Array => {
    const from = take(length);
    return bytes.subarray(from, from + length);
  };
  const line = (): string => {
    const end = bytes.subarray(next, next + MAX_LINE).indexOf(0x0a);
    if (end < 0) world.refuse('the name of a global has no end', cursor.at);
    return decoder.decode(slice(end + 1)).slice(0, -1);
  };
  const count = (size: 2 | 4 | 8): number => {
    if (size === 8) return Number(view.getBigUint64(take(8), true));
    return size === 4 ? view.getUint32(take(4), true) : view.getUint16(take(2), true);
  };
  const cursor = {
    at: 0,
    get next() {
      return next;
    },
    read: {
      byte: () => view.getUint8(take(1)),
      count,
      signed: () => view.getInt32(take(4), true),
      double: () => view.getFloat64(take(8), false),
      text: (length: number) => decoder.decode(slice(length)),
      bytes: slice,
      line,
    },
  };
  return cursor;
}

function createMachine(read: Arguments, world: World, at: () => number): Machine {
  const stack: (Value | typeof MARK)[] = [];
  const memo = new Map<number, Value>();
  const refuse = (found: string): never => world.refuse(found, at());
  const value = (item: Value | typeof MARK | undefined): Value =>
    item === undefined || item === MARK ? refuse('it takes a value where there is none') : item;
  const pop = (): Value => value(stack.pop());
  const top = (): Value => value(stack.at(-1));
  const popMark = (): Value[] => {
    const from = stack.lastIndexOf(MARK);
    if (from < 0) refuse('it goes back to a mark where there is none');
    return stack.splice(from).slice(1) as Value[];
  };
  return {
    ...{ read, pop, top, popMark, refuse },
    push: (item) => void stack.push(item),
    mark: () => void stack.push(MARK),
    drop: () => void (stack.length > 0 ? stack.pop() : pop()),
    remember: (index) => void memo.set(index, top()),
    rememberNext: () => void memo.set(memo.size, top()),
    recall(index) {
      if (!memo.has(index)) refuse(`it remembers nothing at ${index}`);
      stack.push(memo.get(index)!);
    },
    append(values) {
      const list = top();
      if (!isKind(list, 'list')) return refuse(`it appends to ${describeValue(list)}`);
      for (const item of values) list.items.push(item);
    },
    setItems(pairs) {
      const dict = top();
      if (!isKind(dict, 'dict')) return refuse(`it sets an item of ${describeValue(dict)}`);
      if (pairs.length % 2 !== 0) refuse('a key of a dict has no value');
      for (let i = 0; i < pairs.length; i += 2) dict.entries.set(pairs[i]!, pairs[i + 1]!);
    },
    global(module, name) {
      if (typeof module !== 'string' || typeof name !== 'string') return refuse('a global has no name');
      world.admit(`${module}.${name}`);
      stack.push({ kind: 'global', name: `${module}.${name}` });
    },
    reduce() {
      const [args, callee] = [pop(), pop()];
      if (!isKind(callee, 'global')) return refuse(`it calls ${describeValue(callee)}`);
      if (!isKind(args, 'tuple')) return refuse(`it calls ${callee.name} with ${describeValue(args)}`);
      stack.push(world.call(callee.name, args.items));
    },
    // Attributes of an object, such as the `_metadata` of a state dict. They are not used.
    build() {
      pop();
      top();
    },
    persistent: () => void stack.push(world.persistent(pop())),
  };
}

export const isKind = <K extends Exclude<Value, null | boolean | number | string>['kind']>(
  value: Value | undefined,
  kind: K,
): value is Extract<Value, { kind: K }> => typeof value === 'object' && value !== null && value.kind === kind;
