/**
 * A file of weights, whichever kind it is: safetensors, or a checkpoint of PyTorch. Recognized by its first bytes, not
 * by its name.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import { isZip } from './pytorch/archive.ts';
import { readCheckpoint } from './pytorch/checkpoint.ts';
import { readSafetensors, toFloat32, writeSafetensors, type SafetensorsFile } from './safetensors.ts';

/** `file` is what a diagnosis calls the bytes. */
export function readWeights(bytes: Uint8Array, file: string): SafetensorsFile {
  if (isZip(bytes)) return readCheckpoint(bytes, file);
  if (isOldCheckpoint(bytes)) {
    fail(
      'pytorch',
      { file },
      'this is a checkpoint from before PyTorch 1.6, or a bare pickle; it is not read',
      [
        'expected the zip file of a newer torch.save, which PyTorch makes of it:',
        "torch.save(torch.load('old.pt', map_location='cpu', weights_only=True), 'new.pt')",
      ],
    );
  }
  return readSafetensors(bytes, file);
}

/** As safetensors, for packages, which read nothing else; of a checkpoint the floats, as f32. */
export function asSafetensors(bytes: Uint8Array, file: string): Uint8Array {
  const { tensors } = readWeights(bytes, file);
  if (!isZip(bytes)) return bytes;
  const floats = [...tensors.values()].filter(({ dtype }) => /F\d/.test(dtype));
  return writeSafetensors(
    floats.map((tensor) => ({ name: tensor.name, shape: tensor.shape, data: toFloat32(tensor) })),
  );
}

/** A pickle of protocol 2 and up without a zip file around it, or the tar file of the first PyTorch. */
function isOldCheckpoint(bytes: Uint8Array): boolean {
  const isPickle = bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5 && !looksLikeHeader(bytes);
  const tar = String.fromCharCode(...bytes.subarray(257, 262));
  return isPickle || tar === 'ustar';
}

/** A safetensors header of 0x0280 bytes begins as a pickle does, but its JSON begins at byte 8. */
const looksLikeHeader = (bytes: Uint8Array): boolean => bytes[8] === 0x7b;
