/** `src/model.ts` of an app: loads its model, makes the model's input of an image's pixels, and ranks the classes. */
import type { Preprocess } from '../../frontend/preprocess.ts';
import type { AppModel } from './appModel.ts';

export interface AppChoices {
  /** How an image becomes the input, for a model that does not say it. */
  readonly preprocess: Preprocess;
  /** How levels are scaled, in words. */
  readonly scaled: string;
  /** The app has a file of labels. */
  readonly hasLabelFile: boolean;
}

/** The folder of the model file, beside the module. */
export const MODEL_FOLDER = 'model';

export function modelModule(model: AppModel, choices: AppChoices): string {
  const { hasPreprocess, input, output } = model;
  const labels = labelsOf(model, choices);
  const imported = [
    'info',
    ...(labels.isImported ? ['labels'] : []),
    'load',
    ...(hasPreprocess ? ['preprocess'] : []),
  ];
  const runtime = hasPreprocess ? '' : "import { preprocess } from 'cnnc/runtime/image';\n";
  return `/** The model: what it needs, how it runs, and what the page shows of it. */
${runtime}import { topK, type Ranked } from 'cnnc/runtime/topK';
${labels.imports}// Options of the compile stand in the query, such as ?target=webgpu or ?batch=1.
import { ${imported.join(', ')} } from './${MODEL_FOLDER}/${model.file}${queryOf(model)}';

export type { Ranked };

export interface Result {
  /** The most probable classes, best first. */
  readonly ranked: readonly Ranked[];
  /** The time of the network, without that of the image. */
  readonly milliseconds: number;
  readonly target: string;
}

export interface Classifier {
  /** One line about the model. */
  readonly about: string;
  classify(pixels: ImageData): Promise<Result>;
}

/** Classes that are shown. */
const SHOWN = 5;
${hasPreprocess ? '' : preprocessing(choices)}${labels.text}
export async function loadClassifier(): Promise<Classifier> {
  const model = await load();
  return {
    about: \`\${info.parameters.toLocaleString('en')} parameters, target \${info.target}\`,
    async classify({ data, width, height }) {
      const image = ${inputText(model)};
      const started = performance.now();
      // A promise on WebGPU; elsewhere awaiting changes nothing.
      const outputs = await model.forward({ ${input.name === 'image' ? 'image' : `${input.name}: image`} });
      const milliseconds = performance.now() - started;
      return { ranked: rank(outputs.${output}!), milliseconds, target: info.target ?? '' };
    },
  };
}

function rank(scores: Float32Array): Ranked[] {
  // Some networks end in a softmax, so that their scores are probabilities already.
  const sum = scores.reduce((total, score) => total + score, 0);
  const probabilities = scores.every((score) => score >= 0) && Math.abs(sum - 1) < 1e-3;
  return topK(scores, SHOWN, ${labels.name}, { probabilities });
}
${input.channelsLast && !hasPreprocess ? CHANNELS_LAST : ''}`;
}

/** Options that the import must state. */
function queryOf({ isScript, weights, input, inputs }: AppModel): string {
  const options = [
    ...(weights === undefined ? [] : [`weights=./${MODEL_FOLDER}/${weights}`]),
    ...Object.entries(inputs).map(([name, shape]) => `input.${name}=${shape.join('x')}`),
    ...(input.batch === 1 ? [] : ['batch=1']),
  ];
  const marked = isScript || options.length > 0 ? [...options, 'cnnc'] : [];
  return marked.length > 0 ? `?${marked.join('&')}` : '';
}

interface Labels {
  readonly isImported: boolean;
  readonly imports: string;
  /** The expression for all labels. */
  readonly name: string;
  readonly text: string;
}

function labelsOf({ hasLabels, classes }: AppModel, { hasLabelFile }: AppChoices): Labels {
  if (hasLabelFile)
    return {
      isImported: false,
      imports: "import labelText from './labels.txt?raw';\n",
      name: 'labels',
      text: '\n/** One class a line, in the order of the scores. */\nconst labels = labelText.trimEnd().split(/\\r?\\n/);\n',
    };
  if (hasLabels) return { isImported: true, imports: '', name: 'labels', text: '' };
  return {
    isImported: false,
    imports: '',
    name: 'labels',
    text: `\n/** Replace them by the names of your classes, in the order of the scores. */\nconst labels = Array.from({ length: ${classes} }, (_, index) => \`class \${index}\`);\n`,
  };
}

function preprocessing({ preprocess, scaled }: AppChoices): string {
  const { width, height, resize, ...rest } = preprocess;
  const lines = [
    `width: ${width},`,
    `height: ${height},`,
    "// 'shortSide' keeps the proportions and cuts the middle out, 'stretch' does not.",
    ...Object.entries({ resize, ...rest }).map(([name, value]) => `${name}: ${JSON.stringify(value)},`),
  ];
  return `
/**
 * How an image becomes the model's input. The model file does not say it, so look it up where you have the model from.
 * Here levels are scaled ${scaled}: value = (level * scale - mean) / std, where a level is
 * 0 to 255 and \`scale\` is 1/255 unless it is given.
 */
const preprocessing = {
${lines.map((line) => `  ${line}\n`).join('')}} as const;
`;
}

function inputText({ hasPreprocess, input }: AppModel): string {
  if (hasPreprocess) return 'preprocess(data, width, height)';
  const planes = 'preprocess(data, width, height, preprocessing)';
  return input.channelsLast ? `channelsLast(${planes})` : planes;
}

const CHANNELS_LAST = `
/** Puts the channels of each pixel side by side. */
function channelsLast(planes: Float32Array): Float32Array {
  const size = preprocessing.width * preprocessing.height;
  const channels = planes.length / size;
  return planes.map((_, i) => planes[(i % channels) * size + Math.floor(i / channels)]!);
}
`;
