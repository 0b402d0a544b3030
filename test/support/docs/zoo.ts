/** docs/zoo.md: the models of `models/` with the numbers that the compiler finds for them. */
import type { Model } from 'cnnc';
import { buildGraph } from '../../../compiler/frontend/buildGraph.ts';
import { sizeOf } from '../../../compiler/ir/types.ts';
import { lower } from '../../../compiler/lowering/lower.ts';
import { passesFor } from '../../../compiler/passes/index.ts';
import { runPasses } from '../../../compiler/passes/run.ts';
import { formatBytes, formatCount } from '../../../compiler/program/bytes.ts';
import { runCalls } from '../../../compiler/program/liveness.ts';
import { planMemory } from '../../../compiler/program/memoryPlan.ts';
import { typescriptTarget } from '../../../compiler/targets/typescript/target.ts';
import { modelFile, modelNames, zooModel } from '../models.ts';
import { code, plain, tableOfNumbers } from './markdown.ts';
import { TITLES } from './titles.ts';

const INTRODUCTION = `# Zoo

Each model is one file. \`npx cnnc compile resnet18\` compiles a model by its name, and its file shows how it is written.
\`models/variants/\` has other sizes and forms of the models, and \`models/shared/\` the parts that several models are built from.

- *Parameters* are the learned numbers.
- *Multiply-adds* are those of one image. The windows of pooling layers and each element of an addition or an activation are counted as well.
- *Arena* is the memory of all activations in a package for the target \`typescript\`.`;

const NOTES = `## Accuracy

The CIFAR ResNets exist with the paper's parameter-free shortcuts (option A) and with 1x1 projections (option B, the files that end in \`b\`).

The tests run trained weights of both ResNet-20s and of LeNet-5 through the compiler. The packages classify 455 and 461 of 500 CIFAR-10 images and 256 of
256 MNIST digits correctly, as PyTorch does, and every logit is within 1e-4 of PyTorch's. Tiny Darknet (five of five photos), the visual wake words network,
UltraFace and ESPCN are tested with their trained weights as well. Every model of the table is compared with the plain loops of its own graph, and its
parameters with the published number.

The repository has two sets of weights that \`cnnc train\` has made, in \`models/weights/\`: LeNet-5 reads 99.20 % of MNIST's 10,000 test digits, and ResNet-20 recognizes 83.29 % of CIFAR-10's 10,000 test images after five epochs. [Trained weights](getting-started.md#trained-weights) says how to save those of
torchvision.`;

const HEAD = ['model', 'file', 'input', 'parameters', 'multiply-adds', 'arena'];
const RIGHT = [2, 3, 4, 5];

export async function zooPage(): Promise<string> {
  const listed = Object.keys(TITLES);
  const missing = modelNames.filter((name) => !listed.includes(name));
  if (missing.length > 0) throw new Error(`titles.ts has no title for ${missing.join(', ')}`);
  const rows: string[][] = [];
  for (const name of listed)
    rows.push([plain(TITLES[name]!), linkTo(name), ...measure(await zooModel(name))]);
  return `${INTRODUCTION}\n\n${tableOfNumbers(HEAD, RIGHT, rows)}\n\n${NOTES}\n`;
}

const linkTo = (name: string): string => `[${code(name)}](../${modelFile(name)})`;

/** The numbers of a row. */
function measure(model: Model): string[] {
  const source = buildGraph(model, { training: false });
  const learned = source.nodes.filter((node) => node.op === 'parameter' && node.attrs.role === 'weight');
  const program = lower(runPasses(source, passesFor('inference')), typescriptTarget);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return [
    Object.values(model.inputs)[0]!.shape.slice(1).join('x'),
    sum(learned.map(({ type }) => sizeOf(type.shape))).toLocaleString('en-US'),
    formatCount(sum(runCalls(program).map((call) => call.multiplyAdds))),
    formatBytes(planMemory(program).arenaBytes),
  ];
}
