/** `weightsBase64.ts`: the weight file as JavaScript, for packages that consist of JavaScript only. */
import { fail } from '../diagnostics/diagnostic.ts';
import { base64Source } from '../emit/base64.ts';
import { docComment } from '../emit/text.ts';
import { formatBytes } from '../program/bytes.ts';
import type { EmittedFile } from '../emit/types.ts';

export const INLINE_WEIGHTS_FILE = 'weightsBase64.ts';
/** The export of that file. */
export const INLINE_WEIGHTS = 'weightsBase64';

/** Three bytes take four characters, and a string of V8 has fewer than 2^29 characters. */
export const MOST_INLINE_BYTES = 400e6;

export function inlineWeightsSource(name: string, weights: Uint8Array): EmittedFile {
  refuseLarge(weights.byteLength);
  const header = docComment([
    `The weights of ${name} in base64: the bytes of a safetensors file, as \`load\` reads them.`,
  ]);
  return { kind: 'formatted', text: `${header}\n${base64Source(INLINE_WEIGHTS, weights)}\n` };
}

export function refuseLarge(bytes: number): void {
  if (bytes <= MOST_INLINE_BYTES) return;
  const size = `${formatBytes(bytes)}, expected at most ${formatBytes(MOST_INLINE_BYTES)}`;
  fail(
    'CNNC7008',
    'compile',
    {},
    `the option inline cannot put the weights into the JavaScript: they have ${size}`,
  );
}
