/** What a package's README says of its WebAssembly. */
import { isInline, type PackageOptions } from '../../emit/model.ts';

/** Rows of the table of files. */
export function kernelRows(options: PackageOptions): string {
  const what = 'the kernels as WebAssembly';
  const files = isInline(options, 'kernels')
    ? `| \`kernelsWasm.ts\` | ${what}, in base64: with SIMD, and with relaxed SIMD |`
    : `| \`kernels.wasm\`, \`kernels.relaxed.wasm\` | ${what}: with SIMD, and with relaxed SIMD |`;
  return `| \`kernels.wat\` | the kernels as text, every shape a constant |
${files}
| \`kernels.ts\` | their types, and how they are loaded |`;
}

/** For users who serve the package to pages. */
export const servingNotes = (options: PackageOptions): string => `
${filesNotes(options)}A content security policy needs \`script-src 'wasm-unsafe-eval'\`; neither \`unsafe-eval\` nor \`blob:\` is used.
`;

function filesNotes(options: PackageOptions): string {
  const [kernels, weights] = [!isInline(options, 'kernels'), !isInline(options, 'weights')];
  const files = [
    ...(kernels ? ['`kernels.wasm`', '`kernels.relaxed.wasm`'] : []),
    ...(weights ? ['`weights.safetensors`'] : []),
  ];
  if (files.length === 0) return '';
  const names = files.join(', ').replace(/, ([^,]*)$/, ' and $1');
  const given = [...(weights ? ['weights'] : []), ...(kernels ? ['kernels'] : [])].join(', ');
  const type = kernels ? '\nServed as `application/wasm`, the kernels are compiled while they load.' : '';
  const verb = files.length === 1 ? 'is' : 'are';
  return `In a page ${names} ${verb} loaded from beside the JavaScript. Vite and webpack see them by
themselves; for other bundlers copy them there, or hand them in: \`load({ ${given} })\` takes URLs and bytes.${type}${kernels ? EDGE_NOTES : ''}
`;
}

/** For hosts that compile no WebAssembly at run time. */
const EDGE_NOTES = `
In Cloudflare Workers import the \`.wasm\` files as modules and hand them in with the weights:
\`load({ kernels: { plain, relaxed }, weights })\`.`;
