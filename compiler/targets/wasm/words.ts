/** The parts of a package's README about WebAssembly. */
import { constantShapes } from '../../emit/batches.ts';
import { isInline, type CompiledModel, type PackageOptions } from '../../emit/model.ts';

/** The kernels' rows in the table of files. */
export function kernelRows(options: PackageOptions, model: CompiledModel): string {
  const what = 'the kernels as WebAssembly';
  const files = isInline(options, 'kernels')
    ? `| \`kernelsWasm.ts\` | ${what}, in base64: with SIMD, and with relaxed SIMD |`
    : `| \`kernels.wasm\`, \`kernels.relaxed.wasm\` | ${what}: with SIMD, and with relaxed SIMD |`;
  return `| \`kernels.wat\` | the kernels as text, ${constantShapes(model)} |
${files}
| \`kernels.ts\` | the kernels' types, and the function that loads them |`;
}

/** Notes for users who serve the package to web pages. */
export const servingNotes = (options: PackageOptions): string => `
${filesNotes(options)}A content security policy must allow \`script-src 'wasm-unsafe-eval'\`; \`unsafe-eval\` and \`blob:\` are not needed.
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
  const them = files.length === 1 ? 'it' : 'them';
  const type = kernels ? '\nServed as `application/wasm`, the kernels are compiled while they download.' : '';
  return `In a page, \`load\` fetches ${names} from the folder of the JavaScript. Vite and webpack copy ${them} there;
with other bundlers copy ${them} yourself, or pass ${them}: \`load({ ${given} })\` takes URLs and bytes.${type}${kernels ? EDGE_NOTES : ''}
`;
}

/** Notes for hosts that do not compile WebAssembly at run time. */
const EDGE_NOTES = `
In Cloudflare Workers import the \`.wasm\` files as modules and pass them with the weights:
\`load({ kernels: { plain, relaxed }, weights })\`.`;
