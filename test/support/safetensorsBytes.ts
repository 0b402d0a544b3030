/**
 * Writes safetensors files for tests: any dtype at any alignment, or a given header, right or wrong. Nothing is
 * checked or padded.
 */
type NumberArray = ArrayBufferView;

export type RawTensor = readonly [name: string, dtype: string, shape: readonly number[], data: NumberArray];

const bytesOf = (data: NumberArray): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** From tensors and metadata, or from the header's text and the data after it. */
export function safetensorsBytes(header: string, data: Uint8Array): Uint8Array;
export function safetensorsBytes(tensors: readonly RawTensor[], metadata: Record<string, string>): Uint8Array;
export function safetensorsBytes(
  first: string | readonly RawTensor[],
  second: Uint8Array | Record<string, string>,
): Uint8Array {
  if (typeof first === 'string') return joinFile(first, second as Uint8Array);
  const entries = [`"__metadata__":${JSON.stringify(second)}`];
  let offset = 0;
  for (const [name, dtype, shape, data] of first) {
    const data_offsets = [offset, (offset += data.byteLength)];
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets })}`);
  }
  return joinFile(`{${entries.join(',')}}`, Buffer.concat(first.map(([, , , data]) => bytesOf(data))));
}

function joinFile(header: string, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = new BigUint64Array([BigInt(text.length)]);
  return new Uint8Array(Buffer.concat([bytesOf(length), text, data]));
}
