/** `detect`, if the model declares how its outputs become boxes. */
import { functionSource, moduleSource } from '../emit/declarations.ts';
import type { FittedDetector } from '../frontend/detection.ts';
import type { CompiledModel } from '../emit/model.ts';

/** The imports from `runtime.ts`. */
export const detectionImports = ({ detection }: CompiledModel): string[] =>
  detection ? ['anchorBoxes', 'detect as findBoxes', 'type Detection', 'type Thresholds'] : [];

export function detectionSource({ detection }: CompiledModel): string {
  if (!detection) return '';
  const { scores, boxes, score, overlap, variances } = detection;
  const options = ['anchors', 'score', 'overlap', ...(variances ? [`variances: ${literal(variances)}`] : [])];
  return moduleSource(
    `/** The anchors that the predicted boxes are offsets from, in the order of the outputs. */\nconst anchors = ${anchorsText(detection)};\n`,
    functionSource(
      `export function detect(
        outputs: { readonly ${scores}: ArrayLike<number>; readonly ${boxes}: ArrayLike<number> },
        { score = ${score}, overlap = ${overlap} }: Thresholds = {}
      ): Detection[]`,
      [
        'The boxes in the outputs of one image, best first. Edges are fractions of its width and height, from the left and the',
        'top. `score` is the lowest probability of a box. Of boxes of one class that overlap by more than `overlap`, only the',
        'best is kept.',
      ],
      [`return findBoxes(outputs.${scores}, outputs.${boxes}, { ${options.join(', ')} });`],
    ),
  );
}

function anchorsText({ levels, width, height }: FittedDetector): string {
  const lines = levels.map(
    ({ map, sizes }) => `  { map: [${map.join(', ')}], sizes: [${sizes.join(', ')}] },`,
  );
  return `anchorBoxes(\n[\n${lines.join('\n')}\n],\n{ width: ${width}, height: ${height} })`;
}

const literal = ({ centre, size }: NonNullable<FittedDetector['variances']>): string =>
  `{ centre: ${centre}, size: ${size} }`;
