/** Tensors of a file, read into existing arrays: from disk, from a download and from memory. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serializeSafetensors, type ByteSource } from '../../runtime/weights.ts';
import type { NumberArray } from '../../runtime/arrays.ts';
import { matchArrays, streamWeights } from '../../runtime/weightStream.ts';
import { safetensorsBytes } from '../support/safetensorsBytes.ts';

const counted = (length: number, from: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => from + i);

/** Large enough for several chunks of a download. */
const tensors = [
  { name: 'a', shape: [40000], data: counted(40000, 0) },
  { name: 'skipped', shape: [3], data: counted(3, -9) },
  { name: 'b', shape: [2, 3], data: counted(6, 100) },
  { name: 'labels', shape: [2], data: Int32Array.of(7, -7) },
  { name: 'c', shape: [], data: counted(1, 5) },
  { name: 'none', shape: [0], data: counted(0, 0) },
];
const file = serializeSafetensors(tensors, { format: 'pt' });

let folder: string;
let server: Server;
let origin: string;

/** The file as it is, or so many bytes of it, in pieces of odd sizes; or until the line breaks. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnc-stream-'));
  server = createServer((request, response) => {
    const [, length] = /^\/cut\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (request.url === '/none') response.statusCode = 404;
    const bytes = file.subarray(0, length === undefined ? file.length : Number(length));
    if (request.url === '/breaks') {
      response.write(file.subarray(0, 90_000), () => setTimeout(() => response.destroy(), 20));
      return;
    }
    response.flushHeaders();
    for (let at = 0, size = 1; at < bytes.length; at += size, size = size * 2 + 5)
      response.write(bytes.subarray(at, at + size));
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(join(folder, 'whole'), file);
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** Arrays in one memory, as in a package: `c` stands before `b`, with a gap between them. */
function arraysIn(memory: ArrayBuffer): Map<string, NumberArray> {
  return new Map<string, NumberArray>([
    ['c', new Float32Array(memory, 0, 1)],
    ['b', new Float32Array(memory, 64, 6)],
    ['labels', new Int32Array(memory, 128, 2)],
    ['none', new Float32Array(memory, 192, 0)],
    ['a', new Float32Array(memory, 192, 40000)],
  ]);
}

async function read(source: ByteSource): Promise<Map<string, NumberArray>> {
  const arrays = arraysIn(new ArrayBuffer(192 + 160000 + 64));
  await streamWeights(source, (found) => matchArrays(found, arrays));
  return arrays;
}

const places = (): [string, ByteSource][] => [
  ['disk', join(folder, 'whole')],
  ['a download', `${origin}/whole`],
  ['memory', file],
  ['memory, as a buffer', file.slice().buffer],
  ['a Response', new Response(file.slice())],
];

describe('streamWeights', () => {
  it.each(['disk', 'a download', 'memory', 'memory, as a buffer', 'a Response'])(
    'fills the arrays from %s',
    async (place) => {
      const arrays = await read(new Map(places()).get(place)!);
      for (const { name, data } of tensors) {
        if (name !== 'skipped') expect(arrays.get(name)).toEqual(data);
      }
      // Nothing else was written.
      expect(new Float32Array(arrays.get('a')!.buffer, 192 + 160000, 16)).toEqual(new Float32Array(16));
      expect(new Float32Array(arrays.get('c')!.buffer, 4, 15)).toEqual(new Float32Array(15));
    },
  );

  it('reads what lies side by side at once', async () => {
    const memory = new ArrayBuffer(160036);
    const arrays = new Map<string, NumberArray>([
      ['a', new Float32Array(memory, 0, 40000)],
      ['skipped', new Float32Array(memory, 160000, 3)],
      ['b', new Float32Array(memory, 160012, 6)],
    ]);
    await streamWeights(`${origin}/whole`, () => arrays);
    for (const [name, array] of arrays) expect(array).toEqual(tensors.find((one) => one.name === name)!.data);
  });

  it('converts numbers of other types', async () => {
    const bytes = safetensorsBytes(
      [
        ['half', 'F16', [2], Uint16Array.of(0x3c00, 0xc000)],
        ['double', 'F64', [1], Float64Array.of(0.25)],
      ],
      {},
    );
    const arrays = new Map([
      ['half', new Float32Array(2)],
      ['double', new Float32Array(1)],
    ]);
    await streamWeights(bytes, (found) => matchArrays(found, arrays));
    expect([...arrays.values()]).toEqual([Float32Array.of(1, -2), Float32Array.of(0.25)]);
  });
});

/** A download in these pieces, and what became of it. */
function watched(pieces: Iterator<Uint8Array, undefined>): { response: Response; fate: () => string } {
  let fate = 'open';
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const { value, done } = pieces.next();
        if (!done) return controller.enqueue(new Uint8Array(value));
        fate = 'read to its end';
        controller.close();
      },
      cancel: () => void (fate = 'cancelled'),
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body), fate: () => fate };
}

function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  return undefined;
}

/** Time for what `streamWeights` does not wait for. */
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 20));

describe('a download', () => {
  it.each([1000, 4096, 1_000_000])('is read to its end, in pieces of %d bytes', async (size) => {
    const { response, fate } = watched(inPieces(file, size));
    await read(response);
    await settle();
    expect(fate()).toBe('read to its end');
  });

  it('is read to its end where little of it is not wanted', async () => {
    const { response, fate } = watched(inPieces(file, 1000));
    const first = new Map([['a', new Float32Array(40000)]]);
    await streamWeights(response, (found) => matchArrays(found, first));
    await settle();
    expect(fate()).toBe('read to its end');
  });

  it('is cancelled where much of it is not wanted, and after an error', async () => {
    const large = serializeSafetensors([
      { name: 'wanted', shape: [2], data: counted(2, 0) },
      { name: 'rest', shape: [100_000], data: counted(100_000, 0) },
    ]);
    for (const [name, length] of [
      ['wanted', 2],
      ['none', 2],
    ] as const) {
      const { response, fate } = watched(inPieces(large, 1000));
      const arrays = new Map([[name, new Float32Array(length)]]);
      await streamWeights(response, (found) => matchArrays(found, arrays)).catch(() => undefined);
      await settle();
      expect(fate(), name).toBe('cancelled');
    }
  });

  it('that goes on after the file is cancelled, and the caller does not wait for it', async () => {
    function* endless(): Generator<Uint8Array, undefined> {
      yield file;
      for (;;) yield new Uint8Array(1000);
    }
    const { response, fate } = watched(endless());
    await read(response);
    await settle();
    expect(fate()).toBe('cancelled');
  });
});

describe('a file that does not do', () => {
  const cut = (length: number): [string, () => ByteSource][] => [
    ['memory', () => file.subarray(0, length)],
    ['a download', () => `${origin}/cut/${length}`],
    ['disk', () => join(folder, `cut${length}`)],
  ];
  const cases = [
    [4, 'safetensors: the file is truncated: it has 4 bytes'],
    [30, /^safetensors: the file is truncated: its header ends at byte \d+, but it has 30 bytes$/],
    [5000, /^safetensors: the file is truncated: tensor `a` ends at byte \d+, but it has 5000 bytes$/],
    [
      file.length - 1,
      new RegExp(`tensor \`c\` ends at byte ${file.length}, but it has ${file.length - 1} bytes$`),
    ],
  ] as const;
  it.each(cases)('cut after %s bytes', async (length, message) => {
    await writeFile(join(folder, `cut${length}`), file.subarray(0, length));
    for (const [, source] of cut(length)) await expect(read(source())).rejects.toThrow(message);
  });

  it('is named where it cannot be opened', async () => {
    await expect(read(join(folder, 'nowhere'))).rejects.toThrow(/^cannot read .*nowhere: ENOENT/);
    await expect(read(`${origin}/none`)).rejects.toThrow(/^cannot fetch .*: the server answered 404/);
    await expect(read(folder)).rejects.toThrow(/^cannot read .*: EISDIR/);
  });

  it('is named where the line breaks', async () => {
    await expect(read(`${origin}/breaks`)).rejects.toThrow(`cannot fetch ${origin}/breaks: terminated`);
  });

  it('is distinguished from a page that was sent instead', async () => {
    const page = new TextEncoder().encode('<!doctype html><title>Not found</title>');
    await expect(read(page)).rejects.toThrow(
      'this is not a safetensors file, it begins with "<!doctype html><title>No"',
    );
  });

  it('of another model', async () => {
    const other = new Map([['d', new Float32Array(1)]]);
    await expect(streamWeights(file, (found) => matchArrays(found, other))).rejects.toThrow(
      'the weight file has no tensor "d": it does not belong to this model',
    );
    const larger = new Map([['b', new Float32Array(7)]]);
    await expect(streamWeights(file, (found) => matchArrays(found, larger))).rejects.toThrow(
      'the weight file\'s tensor "b" has 6 numbers, expected 7',
    );
  });
});
