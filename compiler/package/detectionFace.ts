/** `detect`, where the model says how its outputs become boxes. */
import type { SourceFile } from 'ts-morph';
import type { FittedDetector } from '../frontend/detection.ts';
import type { CompiledModel } from './types.ts';

/** From `runtime.ts`. */
export const detectionImports = ({ detection }: CompiledModel): string[] =>
  detection ? ['anchorBoxes', 'detect as findBoxes', 'type Detection', 'type Thresholds'] : [];

export function writeDetection(file: SourceFile, { detection }: CompiledModel): void {
  if (!detection) return;
  const { scores, boxes, score, overlap, variances } = detection;
  file.addStatements(
    `\n/** What each box of the outputs is an offset from, in their order. */\nconst anchors = ${anchorsText(detection)};`,
  );
  const options = ['anchors', 'score', 'overlap', ...(variances ? [`variances: ${literal(variances)}`] : [])];
  file.addFunction({
    name: 'detect',
    isExported: true,
    parameters: [
      {
        name: 'outputs',
        type: `{ readonly ${scores}: ArrayLike<number>; readonly ${boxes}: ArrayLike<number> }`,
      },
      { name: `{ score = ${score}, overlap = ${overlap} }`, type: 'Thresholds', initializer: '{}' },
    ],
    returnType: 'Detection[]',
    docs: [
      'The boxes that the outputs of one image mean, best first. Edges are fractions of its width and height, from the left\n' +
        'and the top. `score` is the least probability; of boxes of a class that overlap by more than `overlap`, the best stays.',
    ],
    statements: [`return findBoxes(outputs.${scores}, outputs.${boxes}, { ${options.join(', ')} });`],
  });
}

function anchorsText({ levels, width, height }: FittedDetector): string {
  const lines = levels.map(
    ({ map, sizes }) => `  { map: [${map.join(', ')}], sizes: [${sizes.join(', ')}] },`,
  );
  return `anchorBoxes(\n[\n${lines.join('\n')}\n],\n{ width: ${width}, height: ${height} })`;
}

const literal = ({ centre, size }: NonNullable<FittedDetector['variances']>): string =>
  `{ centre: ${centre}, size: ${size} }`;
