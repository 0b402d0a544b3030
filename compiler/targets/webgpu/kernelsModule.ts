/** `kernels.ts` of a WebGPU package: every shader as readable WGSL, with its number of workgroups and its bindings. */
import { docComment } from '../../emit/text.ts';
import type { Shader } from './dispatches.ts';
import { printShaders } from './shader.ts';
import type { ShaderBinding } from './shaders.ts';

const WORD = 4;

export function kernelsSource(name: string, shaders: readonly Shader[]): string {
  const header = docComment([
    `The kernels of ${name} in WGSL. Each has one entry point, and every shape is a constant. The comment of a kernel states`,
    'what it computes and how its buffers are laid out. `workgroups` has the number of columns and of rows; `bindings` are in',
    'the order of their numbers. Activations are bound as `read_write` even if a kernel only reads them, because they share',
    'one GPUBuffer, and a dispatch must not bind a buffer both for reading and for writing.',
  ]);
  return `${header}
import type { GpuKernel } from './runtime.js';

${shaders.map(kernelSource).join('\n')}`;
}

function kernelSource(shader: Shader): string {
  const { name, kernel, size, bindings } = shader;
  const { code, withSubgroups } = printShaders(shader);
  return `${docComment(kernel.comment)}export const ${name}: GpuKernel = {
  name: '${name}',
  workgroups: [${size.join(', ')}],
  bindings: [
    ${bindings.map(bindingSource).join('\n    ')}
  ],
  ${textSource('code', code)}${withSubgroups === undefined ? '' : `\n  ${textSource('withSubgroups', withSubgroups)}`}
};
`;
}

const textSource = (field: string, code: string): string =>
  `${field}: \`\n${templateText(withoutComment(code))}\`,`;

const bindingSource = ({ name, isReadOnly, length }: ShaderBinding): string =>
  `{ name: '${name}', access: '${isReadOnly ? 'read' : 'read_write'}', bytes: ${length * WORD} },`;

/** The code without the comment at its beginning, which is printed as the doc comment. */
const withoutComment = (code: string): string => code.replace(/^(\/\/[^\n]*\n)+/, '');

const templateText = (code: string): string => code.replace(/[\\`]|\$\{/g, '\\$&');
