/**
 * Checkpoints: one file with everything that is needed to continue a run with the same results. It consists of
 * `CNNCCKPT`, the length of a JSON header as u32 (little-endian), the header, the state of the trainer, and a SHA-256 of
 * all of it. A file that is damaged or belongs to another model or other data is reported as a `Diagnostic`.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fail } from '../../diagnostics/diagnostic.ts';
import { readSafetensors, toFloat32 } from '../../frontend/safetensors.ts';
import type { DataSet } from '../../training/dataset.ts';
import type { LoopState } from '../../training/fit.ts';
import type { Settings } from '../../training/settings.ts';

export interface CheckpointHeader {
  readonly model: string;
  /** Digest of the names and shapes of the weights. */
  readonly parameters: string;
  /** Digest of the labels, which identifies the data. */
  readonly data: string;
  readonly settings: Settings;
  readonly state: LoopState;
}

export interface Checkpoint {
  readonly header: CheckpointHeader;
  readonly trainer: Uint8Array;
}

const MAGIC = 'CNNCCKPT';
const FORMAT = 1;
const START_BYTES = MAGIC.length + 4;
const DIGEST_BYTES = 32;
const SUBJECT = 'checkpoint';

const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export function encodeCheckpoint({ header, trainer }: Checkpoint): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ format: FORMAT, ...header }));
  const start = Buffer.alloc(START_BYTES);
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(json.length, MAGIC.length);
  const body = Buffer.concat([start, json, trainer]);
  return Buffer.concat([body, sha256(body)]);
}

export function readCheckpoint(file: string): Checkpoint {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing) return fail('CNNC6031', SUBJECT, { file }, 'there is no checkpoint to resume from');
    return fail('CNNC5001', SUBJECT, { file }, `cannot read it: ${(error as Error).message}`);
  }
  return decodeCheckpoint(bytes, file);
}

/** Errors name the bytes `file`. */
export function decodeCheckpoint(bytes: Buffer, file: string): Checkpoint {
  const refuse = (found: string): never => fail('CNNC6032', SUBJECT, { file }, found);
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) {
    refuse('this is not a checkpoint of `cnnc train`');
  }
  const end = bytes.length - DIGEST_BYTES;
  if (end < START_BYTES) refuse(`the file is truncated: it has only ${bytes.length} bytes`);
  if (!sha256(bytes.subarray(0, end)).equals(bytes.subarray(end))) {
    refuse('its checksum is wrong: the file is damaged or truncated');
  }
  const length = bytes.readUInt32LE(MAGIC.length);
  // The checksum is correct, so the rest is as it was written.
  const { format, ...header } = JSON.parse(
    bytes.subarray(START_BYTES, START_BYTES + length).toString('utf8'),
  ) as CheckpointHeader & { format: number };
  if (format !== FORMAT) refuse(`its format is ${format}, this version of cnnc reads format ${FORMAT}`);
  return { header, trainer: bytes.subarray(START_BYTES + length, end) };
}

/** Digest of the names and shapes of the weights. It does not depend on their order and values. */
export function parametersDigest(parameters: readonly { name: string; shape: readonly number[] }[]): string {
  const names = parameters.map(({ name, shape }) => `${name}[${shape.join(',')}]`);
  return sha256(names.sort().join('\n')).toString('hex');
}

export const dataDigest = ({ train, validation }: DataSet): string =>
  sha256(...[train, validation].flatMap(({ count, labels }) => [`${count}:`, bytesOf(labels)])).toString(
    'hex',
  );

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The model and the data of a checkpoint. */
export type Identity = Pick<CheckpointHeader, 'parameters' | 'data'>;

export function checkIdentity({ header }: Checkpoint, found: Identity, file: string): void {
  if (header.parameters !== found.parameters) {
    fail(
      'CNNC6033',
      SUBJECT,
      { file },
      `it belongs to another version of ${header.model}, whose weights have other names or shapes`,
    );
  }
  if (header.data !== found.data) {
    fail('CNNC6034', SUBJECT, { file }, `${header.settings.data} has changed since it was written`, [
      'a run can only continue with the examples that it began with',
    ]);
  }
}

/** The name of a weight that holds NaN or an infinity. */
export function findNotFinite(weights: Uint8Array): string | undefined {
  const { tensors } = readSafetensors(weights, 'weights');
  for (const tensor of tensors.values()) {
    if (!toFloat32(tensor).every(Number.isFinite)) return tensor.name;
  }
  return undefined;
}
