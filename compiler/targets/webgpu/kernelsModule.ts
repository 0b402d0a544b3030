/** `kernels.ts` of a WebGPU package: every shader as readable WGSL, with how often it runs and what it binds. */
import { docComment } from '../../emit/text.ts';
import type { Shader } from './dispatches.ts';
import { printShaders } from './shader.ts';
import type { ShaderBinding } from './shaders.ts';

const WORD = 4;

export function kernelsSource(name: string, shaders: readonly Shader[]): string {
  const header = docComment([
    `The kernels of ${name} in WGSL: one entry point each, every shape a constant. The comment of a kernel says what it`,
    'computes and where the elements of its buffers lie. `workgroups` are columns and rows; `bindings` stand in the order',
    'of their numbers. Activations are bound as `read_write`, also where a kernel only reads them: they lie in one',
    'GPUBuffer, which a dispatch must not bind for reading and for writing at once.',
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

/** What stands before the first declaration is the doc comment already. */
const withoutComment = (code: string): string => code.replace(/^(\/\/[^\n]*\n)+/, '');

const templateText = (code: string): string => code.replace(/[\\`]|\$\{/g, '\\$&');
