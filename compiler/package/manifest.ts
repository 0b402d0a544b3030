/** `package.json` and `README.md` of a generated package. It belongs to the user; it carries no licence of ours. */
import { formatType, sizeOf, type TensorType } from '../ir/types.ts';
import { plural } from '../diagnostics/diagnostic.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import { totalsOf } from './totals.ts';
import type { CompiledModel } from './types.ts';

/** In `package.json`, so that a later compile knows the folder as its own. */
export const MARK = 'cnnc';
export const PACKAGE_FORMAT = 1;

export function packageJson(model: CompiledModel): string {
  const manifest = {
    name: model.name,
    version: '1.0.0',
    private: true,
    type: 'module',
    main: './index.js',
    types: './index.d.ts',
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './weights.safetensors': './weights.safetensors',
      './package.json': './package.json',
    },
    sideEffects: false,
    [MARK]: { format: PACKAGE_FORMAT, source: model.source },
  };
  return JSON.stringify(manifest, undefined, 2) + '\n';
}

const tensorRows = (types: Readonly<Record<string, TensorType>>): string[] =>
  Object.entries(types).map(
    ([name, type]) => `| \`${name}\` | \`${formatType(type)}\` | ${sizeOf(type.shape)} |`,
  );

export function packageReadme(model: CompiledModel): string {
  const totals = totalsOf(model);
  const [input] = Object.keys(model.inputs);
  const outputs = Object.keys(model.outputs).join(', ');
  const prepared = model.preprocess ? `const ${input} = preprocess(pixels, width, height);\n` : '';
  const imported = model.preprocess ? 'load, preprocess, topK' : 'load';
  return `# ${model.name}

Compiled by cnnc from \`${model.source}\`. A module without dependencies, for Node 20 or newer and for browsers.

\`\`\`ts
import { ${imported} } from './${model.name}/index.js';

const model = await load();
${prepared}const { ${outputs} } = model.forward({ ${Object.keys(model.inputs).join(', ')} });
\`\`\`

| | type | numbers |
| --- | --- | --- |
${[...tensorRows(model.inputs), ...tensorRows(model.outputs)].join('\n')}

${formatCount(model.parameterCount)} parameters, ${formatCount(totals.multiplyAdds)} multiply-adds a call in ${plural(totals.kernelCalls, 'kernel call')}.
Weights ${formatBytes(totals.weightBytes)}, arena ${formatBytes(model.plan.arenaBytes)}; nothing is allocated per call.

| file | what it is |
| --- | --- |
| \`index.ts\` | the face: \`load\`, \`info\`, types |
| \`forward.ts\` | the network, a line a kernel call |
| \`kernels.ts\` | the kernels, every shape a constant |
| \`memory.ts\` | where activations and weights lie |
| \`runtime.ts\` | reading weights, checks${model.preprocess ? ', images' : ''} |
| \`graph.txt\` | the graph that was lowered |
| \`weights.safetensors\` | folded and packed weights |

Each \`.ts\` stands beside its \`.js\` and \`.d.ts\`.
`;
}
