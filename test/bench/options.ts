/** The flags of `npm run bench`. */
import { Command, InvalidArgumentError, Option } from 'commander';

export const SECTIONS = ['speed', 'cold', 'size', 'memory'] as const;
export type SectionName = (typeof SECTIONS)[number];

export const HOSTS = ['node', 'chromium'] as const;
export type HostName = (typeof HOSTS)[number];

export interface Options {
  readonly training: boolean;
  /** WebGPU, in Node by Dawn. */
  readonly gpu: boolean;
  /** Where the engines for the web run. */
  readonly host: HostName;
  readonly nets?: readonly string[];
  readonly targets?: readonly string[];
  readonly peers?: readonly string[];
  readonly runs: number;
  readonly turnMs: number;
  readonly tolerance: number;
  readonly only: readonly SectionName[];
  readonly cold?: readonly string[];
  readonly memory?: readonly string[];
  readonly node?: string;
  readonly plainNode?: string;
  /** `--no-plain` */
  readonly plain: boolean;
  readonly plainPeers: boolean;
  readonly slowPeers: boolean;
  readonly json?: string;
  readonly markdown?: string;
}

export function parseOptions(argv: readonly string[]): Options {
  return new Command('npm run bench --')
    .description('cnnc beside other engines: the same nets, weights and images, one thread each')
    .option('--training', 'training steps; peers are tfjs-cpu, jax-js and, where it is, pytorch', false)
    .option('--gpu', 'on WebGPU, in Node by Dawn; peers are ort-webgpu, tfjs-webgpu and ort-node', false)
    .addOption(new Option('--host <name>', 'where cnnc and the web peers run').choices(HOSTS).default('node'))
    .option('--nets <names>', 'separated by commas, as the files of models/ are called', list)
    .option('--targets <names>', 'of cnnc, or none; default: wasm, on WebGPU webgpu', list)
    .option(
      '--peers <names>',
      'ort-web, tfjs-wasm, litert, ort-node; in training tfjs-cpu, jax-js, pytorch; or none',
      list,
    )
    .option('--runs <n>', 'rounds', whole, 9)
    .option('--turn-ms <n>', 'about so long is a turn; one run at least', whole, 500)
    .option('--tolerance <x>', 'of outputs, relative to the largest', Number, 1e-3)
    .option('--only <sections>', SECTIONS.join(', '), sections, [...SECTIONS])
    .option('--cold <nets>', 'nets for the cold start; default resnet18', list)
    .option('--memory <nets>', 'nets for the peak memory; default resnet18,vgg16bn', list)
    .option('--node <path>', 'the Node that everything runs in; default: the 24 of test/bench/peers')
    .option('--plain-node <path>', 'a Node before 22, for plain SIMD; default: this one')
    .option('--no-plain', 'without plain SIMD')
    .option('--plain-peers', "the web peers on the plain SIMD's Node as well", false)
    .option('--slow-peers', 'peers that take minutes a step: tfjs-cpu beyond LeNet-5', false)
    .option('--json <file>', 'everything, with all samples')
    .option('--markdown <file>', 'the tables')
    .addHelpText('after', '\nExample: npm run bench -- --nets resnet18,lenet5 --runs 5 --only speed')
    .parse([...argv], { from: 'user' })
    .opts<Options>();
}

const list = (text: string): string[] => text.split(',').filter((name) => name !== '' && name !== 'none');

function whole(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1.');
  return Number(text);
}

function sections(text: string): SectionName[] {
  const names = list(text);
  const unknown = names.filter((name) => !SECTIONS.includes(name as SectionName));
  if (unknown.length > 0) throw new InvalidArgumentError(`expected some of ${SECTIONS.join(', ')}.`);
  return names as SectionName[];
}
