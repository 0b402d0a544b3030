/** What a package's README says of its WebAssembly. */
import type { PackageOptions } from '../../emit/model.ts';

/** Rows of the table of files. */
export function kernelRows({ inline }: PackageOptions): string {
  const what = 'the kernels as WebAssembly';
  const files = inline
    ? `| \`kernelsWasm.ts\` | ${what}, in base64: with SIMD, and with relaxed SIMD |`
    : `| \`kernels.wasm\`, \`kernels.relaxed.wasm\` | ${what}: with SIMD, and with relaxed SIMD |`;
  return `| \`kernels.wat\` | the kernels as text, every shape a constant |
${files}
| \`kernels.ts\` | their types, and how they are loaded |`;
}

/** For users who serve the package to pages. */
export function servingNotes({ inline }: PackageOptions): string {
  const files = inline
    ? '`weights.safetensors`'
    : '`kernels.wasm`, `kernels.relaxed.wasm` and `weights.safetensors`';
  const type = inline ? '' : '\nServed as `application/wasm`, the kernels are compiled while they load.';
  return `
In a page ${files} are loaded from beside the JavaScript. Vite and webpack see them by
themselves; for other bundlers copy them there, or hand them in: \`load({ weights${inline ? '' : ', kernels'} })\` takes URLs and bytes.${type}
A content security policy needs \`script-src 'wasm-unsafe-eval'\`; neither \`unsafe-eval\` nor \`blob:\` is used.
`;
}
