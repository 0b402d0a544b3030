import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBytes, parseSafetensors, readMetadata, serializeSafetensors } from '../../runtime/weights.ts';
import { readSafetensors, toFloat32, writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import { safetensorsBytes } from '../support/safetensorsBytes.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';

describe('loadBytes', () => {
  let folder: string;
  let file: string;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cnnc-weights-'));
    file = join(folder, 'a b.bin');
    await writeFile(file, new Uint8Array([1, 2, 3]));
    server = createServer((request, response) => {
      response.statusCode = request.url === '/weights' ? 200 : 404;
      response.end(Buffer.from([4, 5]));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  it('reads a path, a file URL and a file URL as text', async () => {
    for (const source of [file, pathToFileURL(file), pathToFileURL(file).href]) {
      const bytes = await loadBytes(source);
      expect(bytes).toEqual(new Uint8Array([1, 2, 3]));
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    }
  });

  it('takes bytes as they are', async () => {
    const bytes = new Uint8Array([9, 8, 7]);
    expect((await loadBytes(bytes.subarray(1))).buffer).toBe(bytes.buffer);
    expect(await loadBytes(bytes.subarray(1))).toEqual(new Uint8Array([8, 7]));
    expect(await loadBytes(bytes.buffer)).toEqual(bytes);
  });

  it('fetches http and data URLs', async () => {
    expect(await loadBytes(`${origin}/weights`)).toEqual(new Uint8Array([4, 5]));
    expect(await loadBytes(new URL(`${origin}/weights`))).toEqual(new Uint8Array([4, 5]));
    expect(await loadBytes('data:application/octet-stream;base64,AQI=')).toEqual(new Uint8Array([1, 2]));
  });

  it('reads a Response once', async () => {
    const response = await fetch(`${origin}/weights`);
    expect(await loadBytes(response)).toEqual(new Uint8Array([4, 5]));
    await expect(loadBytes(response)).rejects.toThrow(
      `cannot fetch ${origin}/weights: the body of this Response was read before`,
    );
    expect(await loadBytes(new Response('ab'))).toEqual(new Uint8Array([97, 98]));
    await expect(loadBytes(await fetch(`${origin}/none`))).rejects.toThrow(
      `cannot fetch ${origin}/none: the server answered 404 Not Found`,
    );
    await expect(loadBytes(new Response('no', { status: 500 }))).rejects.toThrow(
      'cannot fetch the Response: the server answered 500',
    );
  });

  it('says what it does not read', async () => {
    const read = (source: unknown): Promise<Uint8Array> => loadBytes(source as Uint8Array);
    await expect(read({})).rejects.toThrow('cannot read Object: expected a URL, a path, bytes or a Response');
    await expect(read(null)).rejects.toThrow('cannot read Null: ');
  });

  it('says which file or URL failed and why', async () => {
    await expect(loadBytes(join(folder, 'none'))).rejects.toThrow(/^cannot read .*none: ENOENT/);
    await expect(loadBytes(`${origin}/none`)).rejects.toThrow(
      `cannot fetch ${origin}/none: the server answered 404 Not Found`,
    );
    await expect(loadBytes('http://127.0.0.1:1/x')).rejects.toThrow('cannot fetch http://127.0.0.1:1/x: ');
  });
});

const bytesOf = (data: Float32Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const entries = [
  { name: '1', shape: [2, 2], data: new Float32Array([1, -2.5, Infinity, 1e-40]) },
  { name: '0', shape: [3], data: new Int32Array([1, -2, 3]) },
  { name: '__proto__', shape: [], data: new Float32Array([7]) },
  { name: 'empty', shape: [0, 4], data: new Float32Array(0) },
];

describe('serializeSafetensors', () => {
  it('is read back in the given numbers and shapes, without copying f32', () => {
    const bytes = serializeSafetensors(entries, { step: '12' });
    const tensors = parseSafetensors(bytes);
    expect([...tensors.keys()].sort()).toEqual(['0', '1', '__proto__', 'empty']);
    expect(tensors.get('1')).toEqual({ dtype: 'F32', shape: [2, 2], data: entries[0]!.data });
    expect(tensors.get('1')!.data.buffer).toBe(bytes.buffer);
    expect(tensors.get('0')).toEqual({ dtype: 'I32', shape: [3], data: new Float32Array([1, -2, 3]) });
    expect(tensors.get('__proto__')!.data).toEqual(new Float32Array([7]));
    expect(readMetadata(bytes)).toEqual({ step: '12' });
  });

  it("writes the compiler's bytes, which the compiler's strict reader accepts", () => {
    const metadata = { b: 'x', a: 'y"' };
    expect(serializeSafetensors(entries, metadata)).toEqual(writeSafetensors(entries, metadata));
    expect(() => readSafetensors(serializeSafetensors(entries), 'x')).not.toThrow();
    expect(readMetadata(serializeSafetensors([]))).toEqual({});
  });

  it('refuses two equal names and a length that is not the shape’s', () => {
    const one = { name: 'a', shape: [1], data: new Float32Array(1) };
    expect(() => serializeSafetensors([one, one])).toThrow('safetensors: cannot write two tensors named `a`');
    expect(() => serializeSafetensors([{ ...one, shape: [2, 3] }])).toThrow(
      'safetensors: cannot write `a`: it has 1 numbers for the shape [2,3]',
    );
  });
});

describe('parseSafetensors', () => {
  it('converts halves, bfloat16, doubles and integers', () => {
    const bytes = safetensorsBytes(
      [
        ['u8', 'U8', [1], new Uint8Array([200])],
        ['half', 'F16', [5], new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555])],
        ['bf16', 'BF16', [2], new Uint16Array([0x3f80, 0xc049])],
        ['i64', 'I64', [2], new BigInt64Array([5n, -6n])],
        ['f64', 'F64', [1], new Float64Array([0.1])],
      ],
      {},
    );
    const values = new Map([...parseSafetensors(bytes)].map(([name, { data }]) => [name, [...data]]));
    expect(values.get('u8')).toEqual([200]);
    expect(values.get('half')).toEqual([1, -2, 2 ** -24, Infinity, 0.333251953125]);
    expect(values.get('bf16')).toEqual([1, -3.140625]);
    expect(values.get('i64')).toEqual([5, -6]);
    expect(values.get('f64')).toEqual([Math.fround(0.1)]);
  });

  it('copies f32 that lies unaligned', () => {
    const shifted = new Uint8Array(2000);
    const bytes = serializeSafetensors(entries);
    shifted.set(bytes, 1);
    const tensors = parseSafetensors(shifted.subarray(1, 1 + bytes.length));
    expect(tensors.get('1')!.data).toEqual(entries[0]!.data);
  });

  it('refuses every truncation of a file with a sentence', () => {
    const bytes = serializeSafetensors(entries);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parseSafetensors(bytes.subarray(0, length))).toThrow(
        /^safetensors: the file is truncated: .*\d/,
      );
    }
  });

  it('quotes the beginning of what is another file', () => {
    const page = new TextEncoder().encode('<!doctype html><html><body>not found</body></html>');
    expect(() => parseSafetensors(page)).toThrow(
      'safetensors: this is not a safetensors file, it begins with "<!doctype html><html><bo"',
    );
  });

  it.each([
    ['[]', 'the header is not a JSON object'],
    ['{"a"', 'the header is not a JSON object'],
    ['{"a":3}', 'the entry of `a` is malformed'],
    ['{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 'the entry of `a` is malformed'],
    ['{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', 'the entry of `a` is malformed'],
    [
      '{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}',
      '`a` has the type F8_E4M3, which is not supported',
    ],
    ['{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 'the offsets of `a` do not span F32[2]'],
  ])('refuses the header %s', (header, message) => {
    expect(() => parseSafetensors(safetensorsBytes(header, new Uint8Array(4)))).toThrow(
      new Error(`safetensors: ${message}`),
    );
  });
});

describeWithTestdata('parseSafetensors on real weights', () => {
  it.each(['mnist-lenet5', 'cifar10-resnet20-optB', 'vww-mobilenet0.25-96'])(
    'reads %s as the compiler does',
    (net) => {
      const bytes = new Uint8Array(readFileSync(testdata(`nets/${net}/weights.safetensors`)));
      const { tensors } = readSafetensors(bytes, net);
      const parsed = parseSafetensors(bytes);
      expect(parsed.size).toBe(tensors.size);
      for (const [name, { shape, data }] of parsed) {
        expect(shape).toEqual(tensors.get(name)!.shape);
        // Vitest compares element by element, which takes seconds here.
        expect(Buffer.compare(bytesOf(data), bytesOf(toFloat32(tensors.get(name)!)))).toBe(0);
      }
    },
  );
});
