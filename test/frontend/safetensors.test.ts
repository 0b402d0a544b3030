import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { readSafetensors, toFloat32, writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import { safetensorsBytes, type RawTensor } from '../support/safetensorsBytes.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';

const headlineOf = (bytes: Uint8Array): string => {
  try {
    readSafetensors(bytes, 'w.safetensors');
  } catch (error) {
    if (error instanceof Diagnostic) return error.headline;
    throw error;
  }
  return 'accepted';
};

const of = (found: string): string => `safetensors (w.safetensors): ${found}`;

describe('readSafetensors', () => {
  it('gives tensors in the order of their data, and the metadata', () => {
    const bytes = safetensorsBytes(
      '{"10":{"dtype":"U8","shape":[2],"data_offsets":[4,6]},"2":{"dtype":"F32","shape":[],"data_offsets":[0,4]},' +
        '"__metadata__":{"format":"pt"}}   ',
      new Uint8Array([0, 0, 128, 63, 7, 8]),
    );
    const { tensors, metadata } = readSafetensors(bytes, 'x');
    expect([...tensors.keys()]).toEqual(['2', '10']);
    expect(tensors.get('2')).toMatchObject({ name: '2', dtype: 'F32', shape: [] });
    expect(toFloat32(tensors.get('2')!)).toEqual(new Float32Array([1]));
    expect(tensors.get('10')!.bytes).toEqual(new Uint8Array([7, 8]));
    expect(metadata).toEqual({ format: 'pt' });
  });

  it('keeps `__proto__` and `constructor` plain names', () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty'];
    const raw = names.map((name, i): RawTensor => [name, 'F32', [1], new Float32Array([i])]);
    const { tensors } = readSafetensors(safetensorsBytes(raw, {}), 'x');
    expect([...tensors.keys()]).toEqual(names);
    expect(Object.prototype).not.toHaveProperty('dtype');
    expect(headlineOf(safetensorsBytes('{"a":{"__proto__":{"dtype":"F32"}}}', new Uint8Array()))).toContain(
      'tensor `a`: dtype undefined',
    );
  });

  it('refuses every truncation, naming what the file has', () => {
    const bytes = writeSafetensors([{ name: 'a', shape: [3], data: new Float32Array(3) }]);
    for (let length = 0; length < bytes.length; length++) {
      expect(headlineOf(bytes.slice(0, length))).toMatch(/the file has \d+/);
    }
    expect(headlineOf(bytes.slice(0, -4))).toBe(
      of('truncated: the data needs 12 bytes, the file has 8 after the header'),
    );
    expect(headlineOf(bytes.slice(0, 3))).toBe(
      of("the file has 3 bytes, shorter than the 8 bytes of the header's length"),
    );
  });

  it('refuses a header of more than 100 MB and quotes the beginning', () => {
    const pointer = new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n');
    expect(() => readSafetensors(pointer, 'w')).toThrow(
      /more than the 100 MB allowed\n {2}is this .*"version https:\/\/git-lfs\."/,
    );
  });

  const tensor = (dtype: string, shape: string, offsets: string) =>
    `{"a":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}}`;
  it.each([
    ['', 'the header is not a JSON object'],
    ['[1]', 'the header is not a JSON object'],
    ['{"a":', 'the header is not a JSON object'],
    ['{"a":null}', 'tensor `a`: its entry is not an object, but null'],
    [tensor('"F31"', '[1]', '[0,4]'), /^.*tensor `a`: dtype "F31" is not one of BOOL, U8, /],
    [tensor('"toString"', '[1]', '[0,4]'), /dtype "toString" is not one of/],
    [tensor('"F32"', '[-1]', '[0,4]'), 'tensor `a`: shape [-1] is not a list of whole numbers from 0 up'],
    [tensor('"F32"', '[1.5]', '[0,4]'), 'tensor `a`: shape [1.5] is not a list of whole numbers from 0 up'],
    [tensor('"F32"', '4', '[0,4]'), 'tensor `a`: shape 4 is not a list of whole numbers from 0 up'],
    [tensor('"F32"', '[9007199254740993]', '[0,4]'), /is not a list of whole numbers/],
    [tensor('"F32"', '[4503599627370496,4]', '[0,4]'), /shape \[4503599627370496,4\] is too large to count/],
    [tensor('"F32"', '[1]', '[0]'), 'tensor `a`: data_offsets [0] is not [begin, end]'],
    [tensor('"F32"', '[1]', '[-4,0]'), 'tensor `a`: data_offsets [-4,0] is not [begin, end]'],
    [tensor('"F32"', '[1]', '[4,0]'), 'tensor `a`: F32[1] takes 4 bytes, its data_offsets span -4'],
    [tensor('"F32"', '[2]', '[0,4]'), 'tensor `a`: F32[2] takes 8 bytes, its data_offsets span 4'],
    [tensor('"F32"', '[2]', '[0,8]'), 'truncated: the data needs 8 bytes, the file has 4 after the header'],
    [tensor('"U8"', '[3]', '[0,3]'), 'bytes 3 to 4 of the data belong to no tensor'],
    [tensor('"U8"', '[3]', '[1,4]'), 'bytes 0 to 1 of the data belong to no tensor'],
    [
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'tensor `a`: its entry is not an object, but a deeply nested value',
    ],
    ['{"__metadata__":["x"]}', '`__metadata__` is not an object of strings'],
    ['{"__metadata__":{"k":1}}', '`__metadata__` holds `k`, which is not a string'],
  ])('refuses header %#', (header, message) => {
    const data = new Uint8Array(header.includes('__metadata__') ? 0 : 4);
    const headline = headlineOf(safetensorsBytes(header, data));
    if (typeof message === 'string') expect(headline).toBe(of(message));
    else expect(headline).toMatch(message);
  });

  it('accepts or diagnoses whatever byte of the header is changed', () => {
    const tensors = [{ name: 'a.weight', shape: [2, 3], data: new Float32Array(6) }];
    const bytes = writeSafetensors(tensors, { format: 'pt' });
    const outcomes = new Set<string>();
    for (let at = 0; at < bytes.length - 24; at++) {
      for (const value of [0, 0x22, 0x2c, 0x2d, 0x39, 0x5b, 0x7d, 0xff]) {
        const changed = bytes.slice();
        changed[at] = value;
        outcomes.add(headlineOf(changed));
      }
    }
    // `headlineOf` rethrows anything that is not a Diagnostic.
    expect(outcomes).toContain('accepted');
    expect(outcomes).toContain(of('the header is not a JSON object'));
    expect([...outcomes].filter((one) => one !== 'accepted' && !one.startsWith(of('')))).toEqual([]);
  });

  it('refuses overlapping tensors and bytes that are not UTF-8', () => {
    const entry = (begin: number) => `{"dtype":"U8","shape":[3],"data_offsets":[${begin},${begin + 3}]}`;
    const overlapping = safetensorsBytes(`{"a":${entry(0)},"b":${entry(2)}}`, new Uint8Array(5));
    expect(headlineOf(overlapping)).toBe(of('tensors `a` and `b` overlap'));
    const bytes = safetensorsBytes('{"a":{}}', new Uint8Array());
    bytes[10] = 0xff;
    expect(headlineOf(bytes)).toBe(of('the header is not a JSON object'));
  });
});

describe('toFloat32', () => {
  const convert = (dtype: string, data: RawTensor[3], length: number): number[] => {
    // One byte before it, so that nothing lies aligned.
    const raw: RawTensor[] = [
      ['shift', 'U8', [1], new Uint8Array(1)],
      ['a', dtype, [length], data],
    ];
    return [...toFloat32(readSafetensors(safetensorsBytes(raw, {}), 'x').tensors.get('a')!)];
  };

  it.each([
    ['F32', new Float32Array([1.5, -3e38]), [1.5, Math.fround(-3e38)]],
    ['F64', new Float64Array([0.1, 1e300]), [Math.fround(0.1), Infinity]],
    [
      'F16',
      new Uint16Array([0x3c00, 0x8001, 0x03ff, 0x7bff, 0xfc00]),
      [1, -(2 ** -24), 1023 / 2 ** 24, 65504, -Infinity],
    ],
    ['F16', new Uint16Array([0x7e00, 0x8000]), [NaN, -0]],
    ['BF16', new Uint16Array([0x3f80, 0xc049, 0x7f80, 0x0001]), [1, -3.140625, Infinity, 2 ** -133]],
    ['I64', new BigInt64Array([-7n, 2n ** 40n]), [-7, 2 ** 40]],
    ['U64', new BigUint64Array([2n ** 63n]), [2 ** 63]],
    ['I32', new Int32Array([-7]), [-7]],
    ['U32', new Uint32Array([4294967295]), [4294967296]],
    ['I16', new Int16Array([-7]), [-7]],
    ['U16', new Uint16Array([65535]), [65535]],
    ['I8', new Int8Array([-7]), [-7]],
    ['BOOL', new Uint8Array([1, 0]), [1, 0]],
  ] as const)('reads unaligned %s', (dtype, data, values) => {
    expect(convert(dtype, data, data.length)).toEqual(values);
  });

  it('reads all 65536 halves by the definition of the format', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
    const expected = Array.from(halves, (bits) => {
      const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
      const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
      const special = fraction === 0 ? Infinity : NaN;
      return (bits & 0x8000 ? -1 : 1) * (exponent === 31 ? special : magnitude);
    });
    const wrong = convert('F16', halves, 65536).findIndex((value, bits) => !Object.is(value, expected[bits]));
    expect(wrong).toBe(-1);
  });
});

describe('writeSafetensors', () => {
  const tensors = [
    { name: 'b', shape: [2], data: new Float32Array([1, 2]) },
    { name: '0', shape: [], data: new Int32Array([3]) },
  ];

  it('writes these bytes', () => {
    const bytes = writeSafetensors(tensors, { z: '1', format: 'pt' });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"format":"pt","z":"1"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
        '"0":{"dtype":"I32","shape":[],"data_offsets":[8,12]}}',
    );
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64, 3, 0, 0, 0]);
    expect(writeSafetensors(tensors, { format: 'pt', z: '1' })).toEqual(bytes);
  });

  it('is read back', () => {
    const file = readSafetensors(writeSafetensors(tensors, { note: 'ü "quoted"' }), 'x');
    expect([...file.tensors.values()].map(toFloat32)).toEqual([
      new Float32Array([1, 2]),
      new Float32Array([3]),
    ]);
    expect(file.metadata).toEqual({ note: 'ü "quoted"' });
    expect(readSafetensors(writeSafetensors([]), 'x').tensors.size).toBe(0);
  });

  it('refuses equal names and a length that is not the shape’s', () => {
    expect(() => writeSafetensors([tensors[0]!, tensors[0]!])).toThrow(
      'safetensors: cannot write two entries named `b`',
    );
    expect(() => writeSafetensors([{ ...tensors[0]!, shape: [3] }])).toThrow(
      'safetensors: cannot write `b`: shape [3] with 2 numbers',
    );
  });
});

describeWithTestdata('readSafetensors on the test data', () => {
  const nets = readdirSync(testdata('nets'));
  it.each(nets)('reads every file of %s', (net) => {
    const files = readdirSync(testdata(`nets/${net}`)).filter((file) => file.endsWith('.safetensors'));
    expect(files).toContain('expected.safetensors');
    for (const file of files) {
      const { tensors } = readSafetensors(readFileSync(testdata(`nets/${net}/${file}`)), file);
      for (const tensor of tensors.values()) {
        const values = toFloat32(tensor);
        expect(values.length).toBe(tensor.shape.reduce((size, extent) => size * extent, 1));
        expect(values.findIndex((value) => !Number.isFinite(value))).toBe(-1);
      }
    }
  });
});
