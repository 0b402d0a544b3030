/** `detect`, where the model says how its outputs become boxes. */
import { functionSource, moduleSource } from '../emit/declarations.ts';
import type { FittedDetector } from '../frontend/detection.ts';
import type { CompiledModel } from '../emit/model.ts';

/** From `runtime.ts`. */
export const detectionImports = ({ detection }: CompiledModel): string[] =>
  detection ? ['anchorBoxes', 'detect as findBoxes', 'type Detection', 'type Thresholds'] : [];

export function detectionSource({ detection }: CompiledModel): string {
  if (!detection) return '';
  const { scores, boxes, score, overlap, variances } = detection;
  const options = ['anchors', 'score', 'overlap', ...(variances ? [`variances: ${literal(variances)}`] : [])];
  return moduleSource(
    `/** What each box of the outputs is an offset from, in their order. */\nconst anchors = ${anchorsText(detection)};\n`,
    functionSource(
      `export function detect(
        outputs: { readonly ${scores}: ArrayLike<number>; readonly ${boxes}: ArrayLike<number> },
        { score = ${score}, overlap = ${overlap} }: Thresholds = {}
      ): Detection[]`,
      [
        'The boxes that the outputs of one image mean, best first. Edges are fractions of its width and height, from the left',
        'and the top. `score` is the least probability; of boxes of a class that overlap by more than `overlap`, the best stays.',
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
