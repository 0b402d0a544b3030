/** Checkpoints of PyTorch: what torch.save writes is read, what could do harm is refused, nothing is executed. */
import { describe, expect, it } from 'vitest';
import { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { toFloat32 } from '../../compiler/frontend/safetensors.ts';
import { asSafetensors, readWeights } from '../../compiler/frontend/weightFile.ts';
import {
  checkpointBytes,
  pickled,
  pickleOf,
  stateDictBytes,
  type Opcodes,
} from '../support/checkpointBytes.ts';

const { call, dict, global, integer, list, ordered, parameter, storage, string, tensor, tuple } = pickled;
const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer);
const count = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i + 1);
const floats = (elements: number, key = '0'): Opcodes => storage('FloatStorage', key, elements);

/** Every tensor's shape and numbers. */
function read(bytes: Uint8Array): Record<string, readonly [shape: string, numbers: readonly number[]]> {
  const { tensors } = readWeights(bytes, 'w.pt');
  return Object.fromEntries(
    [...tensors].map(([name, stored]) => [
      name,
      [`${stored.dtype}[${stored.shape.join()}]`, [...toFloat32(stored)]] as const,
    ]),
  );
}

const one = (value: Opcodes, numbers: ArrayBufferView = count(6)): Uint8Array =>
  checkpointBytes({ value: ordered([[string('w'), value]]), storages: { '0': bytesOf(numbers) } });

function refusal(bytes: Uint8Array): string {
  try {
    readWeights(bytes, 'w.pt');
  } catch (error) {
    expect(error).toBeInstanceOf(Diagnostic);
    return (error as Diagnostic).message;
  }
  throw new Error('it was read');
}

describe('a checkpoint', () => {
  const tensors = [
    { name: 'conv.weight', shape: [1, 2, 1, 2], data: count(4) },
    { name: 'conv.bias', shape: [1], data: Float32Array.of(0.5) },
  ];
  const expected = {
    'conv.weight': ['F32[1,2,1,2]', [1, 2, 3, 4]],
    'conv.bias': ['F32[1]', [0.5]],
  };

  it('is a state dict', () => {
    expect(read(stateDictBytes(tensors))).toEqual(expected);
  });

  it.each(['state_dict', 'model', 'model_state_dict', 'generator'])('keeps it at %s', (key) => {
    const bytes = stateDictBytes(tensors, (state) =>
      dict([
        [string('epoch'), integer(90)],
        [string('optimizer'), dict([[string('lr'), [0x47, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a]]])],
        [string(key), state],
      ]),
    );
    expect(read(bytes)).toEqual(expected);
  });

  it('stands beside settings and scores that are not looked at', () => {
    const dtype = [
      ...call(global('numpy', 'dtype'), string('f8'), integer(0), integer(1)),
      ...tuple(integer(3)),
      0x62,
    ];
    const best = call(
      global('numpy.core.multiarray', 'scalar'),
      dtype,
      call(global('_codecs', 'encode'), string('x')),
    );
    const settings = [...call(global('argparse', 'Namespace')), ...dict([[string('lr'), integer(1)]]), 0x62];
    const bytes = stateDictBytes(tensors, (state) =>
      dict([
        [string('args'), settings],
        [string('best'), best],
        [string('state_dict'), state],
      ]),
    );
    expect(read(bytes)).toEqual(expected);
  });

  it('is deflated, and in a folder of another name', () => {
    const value = dict([[string('w'), tensor(floats(4000), [4000])]]);
    const storages = { '0': bytesOf(new Float32Array(4000).fill(2)) };
    const bytes = checkpointBytes({ value, storages, root: 'resnet 18/x', level: 6 });
    expect(bytes.length).toBeLessThan(2000);
    expect(read(bytes)['w']![1]).toEqual(Array(4000).fill(2));
  });

  it('holds parameters', () => {
    expect(read(one(parameter(tensor(floats(6), [2, 3]))))).toEqual({ w: ['F32[2,3]', [1, 2, 3, 4, 5, 6]] });
  });

  it("ends with zip64's records, as torch.save writes them whatever the size", () => {
    const whole = one(tensor(floats(6), [6]));
    const end = whole.length - 22;
    const view = new DataView(whole.buffer);
    const [entries, size, offset] = [
      view.getUint16(end + 10, true),
      view.getUint32(end + 12, true),
      view.getUint32(end + 16, true),
    ];
    const records = new DataView(new ArrayBuffer(76));
    records.setUint32(0, 0x06064b50, true);
    records.setBigUint64(4, 44n, true);
    [entries, entries, size, offset].forEach((value, i) =>
      records.setBigUint64(24 + 8 * i, BigInt(value), true),
    );
    records.setUint32(56, 0x07064b50, true);
    records.setBigUint64(64, BigInt(end), true);
    records.setUint32(72, 1, true);
    const bytes = Uint8Array.of(...whole.subarray(0, end), ...bytesOf(records), ...whole.subarray(end));
    expect(read(bytes)).toEqual({ w: ['F32[6]', [1, 2, 3, 4, 5, 6]] });
  });

  it('has strides and offsets', () => {
    expect(read(one(tensor(floats(6), [3, 2], [1, 3])))).toEqual({ w: ['F32[3,2]', [1, 4, 2, 5, 3, 6]] });
    expect(read(one(tensor(floats(6), [2, 2], [3, 1], 1)))).toEqual({ w: ['F32[2,2]', [2, 3, 5, 6]] });
    expect(read(one(tensor(floats(6), [2], [1], 4)))).toEqual({ w: ['F32[2]', [5, 6]] });
    expect(read(one(tensor(floats(6), [3, 1], [0, 9], 5)))).toEqual({ w: ['F32[3,1]', [6, 6, 6]] });
    expect(read(one(tensor(floats(6), [], [], 2)))).toEqual({ w: ['F32[]', [3]] });
  });

  it('shares a storage', () => {
    const value = dict([
      [string('a'), tensor(floats(6), [2])],
      [string('b'), tensor(floats(6), [2], [1], 2)],
    ]);
    const bytes = checkpointBytes({ value, storages: { '0': bytesOf(count(6)) } });
    expect(read(bytes)).toEqual({ a: ['F32[2]', [1, 2]], b: ['F32[2]', [3, 4]] });
  });

  it.each([
    ['DoubleStorage', Float64Array.of(1.5, -2), 'F64', [1.5, -2]],
    ['HalfStorage', Uint16Array.of(0x3e00, 0xc000), 'F16', [1.5, -2]],
    ['BFloat16Storage', Uint16Array.of(0x3fc0, 0xc000), 'BF16', [1.5, -2]],
    ['LongStorage', BigInt64Array.of(7n, -2n), 'I64', [7, -2]],
    ['ByteStorage', Uint8Array.of(7, 255), 'U8', [7, 255]],
  ])('has numbers of a %s', (type, data, dtype, numbers) => {
    expect(read(one(tensor(storage(type, '0', 2), [2]), data))).toEqual({ w: [`${dtype}[2]`, numbers] });
  });

  it('has a tensor called __proto__', () => {
    const value = dict([[string('__proto__'), tensor(floats(6), [6])]]);
    const { tensors } = readWeights(checkpointBytes({ value, storages: { '0': bytesOf(count(6)) } }), 'w.pt');
    expect([...tensors.keys()]).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
  });

  it('is written by newer protocols: frames, memoized short strings, names from the stack', () => {
    const short = (value: string): number[] => [0x8c, value.length, ...new TextEncoder().encode(value), 0x94];
    const callee = [...short('collections'), ...short('OrderedDict'), 0x93, 0x94, 0x29, 0x52];
    const body = [...callee, ...short('w'), ...tensor(floats(6), [6]), 0x73];
    const pickle = Uint8Array.of(0x80, 4, 0x95, body.length + 1, 0, 0, 0, 0, 0, 0, 0, ...body, 0x2e);
    expect(read(checkpointBytes({ value: pickle, storages: { '0': bytesOf(count(6)) } }))).toEqual({
      w: ['F32[6]', [1, 2, 3, 4, 5, 6]],
    });
  });

  it('becomes safetensors for packages: its floats', () => {
    const value = dict([
      [string('w'), tensor(storage('HalfStorage', '0', 2), [2])],
      [string('num_batches_tracked'), tensor(storage('LongStorage', '1', 1), [])],
    ]);
    const storages = { '0': bytesOf(Uint16Array.of(0x3e00, 0xc000)), '1': bytesOf(BigInt64Array.of(3n)) };
    expect(read(asSafetensors(checkpointBytes({ value, storages }), 'w.pt'))).toEqual({
      w: ['F32[2]', [1.5, -2]],
    });
  });
});

describe('a hostile pickle', () => {
  it.each([
    ['os', 'system'],
    ['builtins', 'eval'],
    ['__builtin__', 'getattr'],
    ['posix', 'system'],
    ['torch', 'load'],
    ['torch._utils', '_import_dotted_name'],
    ['torch.serialization', '_load'],
    ['__main__', 'Net'],
    ['__torch__', 'Net'],
  ])('that names %s.%s is refused by the name', (module, name) => {
    const named = new RegExp(
      `^pytorch \\(w\\.pt\\): it holds a Python object of "${module}\\.${name}", which is not read`,
    );
    const evil = call(global(module, name), string('echo owned'));
    expect(refusal(checkpointBytes({ value: evil }))).toMatch(named);
    expect(refusal(one(evil))).toMatch(named);
    const stacked = [0x8c, module.length, ...new TextEncoder().encode(module), ...string(name), 0x93];
    expect(refusal(checkpointBytes({ value: stacked }))).toMatch(named);
  });

  it('calls nothing that is not a function on the list', () => {
    expect(refusal(one(call(global('torch', 'FloatStorage'), integer(3))))).toMatch(
      /it calls torch\.FloatStorage/,
    );
    expect(refusal(one(call(global('builtins', 'list'), list())))).toMatch(/it calls builtins\.list/);
    expect(refusal(one(call(string('eval'), string('1'))))).toMatch(/it calls "eval"/);
    expect(refusal(one(call(global('collections', 'OrderedDict'), list())))).toMatch(
      /OrderedDict is called with/,
    );
  });

  it.each<[string, readonly number[], RegExp]>([
    ['unknown opcodes', [0x00], /opcode 0x00 is not one that torch\.save writes \(byte 2 /],
    ['protocol 0', [0x49, 0x31, 0x0a], /opcode 0x49/],
    ['extension codes', [0x82, 1], /opcode 0x82/],
    ['an empty stack', [0x61], /a value where there is none/],
    ['a missing mark', [0x74], /back to a mark where there is none/],
    ['an empty memo', [0x68, 9], /it remembers nothing at 9/],
    ['items of no dict', [...list(), ...integer(1), ...integer(2), 0x73], /it sets an item of a list of 0/],
    ['odd items', [0x7d, 0x28, 0x4e, 0x75], /a key of a dict has no value/],
    ['a text of 2^64 - 1 bytes', [0x8d, ...Array<number>(8).fill(255)], /truncated: it ends within/],
    ['a number of 2^32 - 1 bytes', [0x8b, 255, 255, 255, 255], /truncated: it ends within/],
    ['a global without an end', [0x63, ...Array<number>(400).fill(0x61)], /the name of a global has no end/],
    ['no state dict', integer(7), /it holds 7, expected a state dict/],
    ['an empty dict', dict([]), /it holds no state dict\n.*its keys are none/],
    ['an unknown persistent id', [...tuple(string('module')), 0x51], /it refers to a tuple of 1/],
  ])('with %s', (_, value, found) => {
    expect(refusal(checkpointBytes({ value }))).toMatch(found);
  });

  it('that contains itself ends', () => {
    // d = {}; d['model'] = d
    const value = [0x7d, 0x71, 0, ...string('model'), 0x68, 0, 0x73];
    expect(refusal(checkpointBytes({ value }))).toMatch(/it holds no state dict/);
  });

  it('that doubles itself forty times is as small as it is long', () => {
    const doubled = Array.from({ length: 40 }, () => [0x32, 0x86]).flat();
    const value = dict([[string('x'), [...string('lol'), ...doubled]]]);
    expect(refusal(checkpointBytes({ value }))).toMatch(/it holds no state dict/);
  });

  it('of random bytes is a diagnosis', () => {
    let state = 1;
    const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
    const start = ordered([[string('w'), tensor(floats(6), [6])]]);
    for (let round = 0; round < 300; round++) {
      const pickle = pickleOf(start).slice();
      for (let i = 0; i < 3; i++) pickle[2 + ((next() * 256 + next()) % (pickle.length - 2))] = next();
      const bytes = checkpointBytes({ value: pickle, storages: { '0': bytesOf(count(6)) } });
      try {
        readWeights(bytes, 'w.pt');
      } catch (error) {
        expect(error).toBeInstanceOf(Diagnostic);
      }
    }
  });
});

describe('a lying tensor', () => {
  it.each<[string, Opcodes, RegExp]>([
    [
      'more than its storage',
      tensor(floats(6), [7]),
      /tensor "w": shape \[7\] needs 7 numbers, its storage has 6/,
    ],
    ['an offset beyond the end', tensor(floats(6), [2], [1], 5), /needs 7 numbers, its storage has 6/],
    ['strides beyond the end', tensor(floats(6), [2, 2], [5, 1]), /needs 7 numbers/],
    ['2^60 elements', tensor(floats(6), [2 ** 30, 2 ** 30], [2 ** 30, 1]), /its storage has 6/],
    ['2^40 repeated numbers', tensor(floats(6), [2 ** 40], [0]), /repeats numbers: it is far larger/],
    ['2^32 repeated numbers', tensor(floats(6), [2 ** 16, 2 ** 16], [0, 0]), /repeats numbers/],
    ['a negative extent', tensor(floats(6), [-1], [1]), /a tensor's offset is 0, its size a tuple of 1/],
    ['a negative stride', tensor(floats(6), [2], [-1], 3), /its strides a tuple of 1/],
    ['other ranks', tensor(floats(6), [2, 3], [1]), /its strides a tuple of 1/],
    [
      'a storage of more',
      tensor(floats(7), [7]),
      /its storage "0" has 24 bytes, too few for 7 numbers of F32/,
    ],
    ['a missing storage', tensor(floats(6, '1'), [6]), /1 storage of its tensors are not in the file: "1"/],
    ['a path', tensor(floats(6, '../../etc/passwd'), [6]), /not in the file: "\.\.\/\.\.\/etc\/passwd"/],
    ['complex numbers', tensor(storage('ComplexFloatStorage', '0', 3), [3]), /"torch\.ComplexFloatStorage"/],
  ])('with %s', (_, value, found) => {
    expect(refusal(one(value))).toMatch(found);
  });
});

describe('a damaged file', () => {
  const whole = one(tensor(floats(6), [2, 3]));

  it('is refused at every length', () => {
    for (let length = 4; length < whole.length; length += 3) {
      expect(refusal(whole.slice(0, length))).toMatch(
        /^pytorch \(w\.pt\): the zip file is truncated or damaged/,
      );
    }
  });

  it('is refused at every length of its pickle', () => {
    const pickle = pickleOf(ordered([[string('w'), tensor(floats(6), [6])]]));
    for (let length = 0; length < pickle.length; length += 5) {
      expect(refusal(checkpointBytes({ value: pickle.slice(0, length) }))).toMatch(
        /truncated|the name of a global/,
      );
    }
  });

  it('with a changed byte is read or refused', () => {
    for (let at = 4; at < whole.length; at++) {
      const bytes = whole.slice();
      bytes[at]! ^= 0xff;
      try {
        readWeights(bytes, 'w.pt');
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(Diagnostic);
      }
    }
  });

  it('does not inflate beyond what deflate can', () => {
    const bytes = checkpointBytes({ value: ordered([]), level: 6 });
    const view = new DataView(bytes.buffer);
    const directory = bytes.findIndex(
      (_, i) => i + 4 < bytes.length && view.getUint32(i, true) === 0x02014b50,
    );
    view.setUint32(directory + 24, 0xfffffff0, true);
    expect(refusal(bytes)).toMatch(/the entry "archive\/data\.pkl" claims 4294967280 bytes, packed into/);
  });

  it('that is no checkpoint says so', () => {
    expect(refusal(checkpointBytes({ value: ordered([]), byteorder: 'big' }))).toMatch(/big-endian/);
    const legacy = Uint8Array.of(
      0x80,
      2,
      0x8a,
      0x0a,
      0x6c,
      0xfc,
      0x9c,
      0x46,
      0xf9,
      0x20,
      0x6a,
      0xa8,
      0x50,
      0x19,
      0x2e,
    );
    expect(refusal(legacy)).toMatch(
      /this checkpoint is older than PyTorch 1\.6 \(a bare pickle or .*\n(.*\n)*.*torch\.save\(torch\.load/,
    );
    const tar = new Uint8Array(512);
    tar.set(new TextEncoder().encode('ustar'), 257);
    expect(refusal(tar)).toMatch(/older than PyTorch 1\.6/);
  });
});
