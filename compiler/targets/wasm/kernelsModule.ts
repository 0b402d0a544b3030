/** `kernels.ts` of a wasm package: the exports of `kernels.wasm` as an interface, and how they are loaded. */
import { shapesSentence } from '../../emit/batches.ts';
import { base64Source } from '../../emit/base64.ts';
import { commentText, docComment } from '../../emit/text.ts';
import type { Kernel } from '../../kernel/types.ts';

export interface KernelsModuleOptions {
  /** Whether the modules' bytes are in `kernelsWasm.ts` instead of separate files. */
  readonly inline: boolean;
}

export function kernelsSource(
  name: string,
  kernels: readonly Kernel[],
  { inline }: KernelsModuleOptions,
): string {
  const header = docComment([
    `The kernels of ${name}; kernels.wat has their code. Arguments are addresses in bytes. ${shapesSentence(kernels)}`,
  ]);
  const runtime = ['instantiateWasm', 'type WasmOptions', ...(inline ? ['decodeBase64'] : [])];
  const imports = inline ? `import { plain, relaxed } from './kernelsWasm.js';\n` : '';
  const variants = inline
    ? '{ plain: () => decodeBase64(plain), relaxed: () => decodeBase64(relaxed) }'
    : `{
        plain: () => new URL('./kernels.wasm', import.meta.url),
        relaxed: () => new URL('./kernels.relaxed.wasm', import.meta.url),
      }`;
  return `${header}
${imports}import { ${runtime.join(', ')} } from './runtime.js';

export interface Kernels {
${kernels.map(methodSource).join('\n')}
}

/** Compiles the variant that this host supports, and connects it to the memory. */
export async function loadKernels(memory: WebAssembly.Memory, options: WasmOptions = {}): Promise<Kernels> {
  const variants = ${variants};
  return (await instantiateWasm(${JSON.stringify(name)}, memory, variants, options)) as unknown as Kernels;
}
`;
}

function methodSource({ name, comment, buffers, count }: Kernel): string {
  const names = [...buffers, ...(count ? [count] : [])].map((one) => one.name);
  const parameters = names.map((one) => `${one}: number`).join(', ');
  return `${docComment(comment.map(commentText))}${name}(${parameters}): void;`;
}

/** Both modules as text, for packages that consist of JavaScript only. */
export const inlineSource = (name: string, plain: Uint8Array, relaxed: Uint8Array): string =>
  `${docComment([`The kernels of ${name} in base64: with 128-bit SIMD, and with relaxed SIMD.`])}
${base64Source('plain', plain)}

${base64Source('relaxed', relaxed)}
`;
