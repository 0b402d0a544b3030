/**
 * Reads a file of weights: safetensors or a PyTorch checkpoint. The first bytes decide which one it is, not the name.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import { isZip } from './pytorch/archive.ts';
import { readCheckpoint } from './pytorch/checkpoint.ts';
import { readSafetensors, toFloat32, writeSafetensors, type SafetensorsFile } from './safetensors.ts';

/** Reads the weights. Errors call the bytes `file`. */
export function readWeights(bytes: Uint8Array, file: string): SafetensorsFile {
  if (isZip(bytes)) return readCheckpoint(bytes, file);
  if (isOldCheckpoint(bytes)) {
    fail(
      'CNNC2020',
      'pytorch',
      { file },
      'this checkpoint is older than PyTorch 1.6 (a bare pickle or a tar file), and that format is not supported',
      [
        'load it and save it again with PyTorch 1.6 or later, or save it as safetensors:',
        "torch.save(torch.load('old.pt', map_location='cpu', weights_only=True), 'new.pt')",
      ],
    );
  }
  return readSafetensors(bytes, file);
}

/**
 * Returns the weights as safetensors, the only format that packages read. From a checkpoint it takes the float
 * tensors, as f32.
 */
export function asSafetensors(bytes: Uint8Array, file: string): Uint8Array {
  const { tensors } = readWeights(bytes, file);
  if (!isZip(bytes)) return bytes;
  const floats = [...tensors.values()].filter(({ dtype }) => /F\d/.test(dtype));
  return writeSafetensors(
    floats.map((tensor) => ({ name: tensor.name, shape: tensor.shape, data: toFloat32(tensor) })),
  );
}

/**
 * Whether the bytes are a pickle of protocol 2 or later without a zip file around it, or the tar file of the first
 * PyTorch versions.
 */
function isOldCheckpoint(bytes: Uint8Array): boolean {
  const isPickle = bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5 && !looksLikeHeader(bytes);
  const tar = String.fromCharCode(...bytes.subarray(257, 262));
  return isPickle || tar === 'ustar';
}

/** A safetensors header of 0x0280 bytes begins like a pickle, but its JSON begins at byte 8. */
const looksLikeHeader = (bytes: Uint8Array): boolean => bytes[8] === 0x7b;
