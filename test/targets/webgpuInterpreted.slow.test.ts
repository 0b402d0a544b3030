/** The convolutions that webgpuInterpreted.test.ts leaves out. */
import { describe, it } from 'vitest';
import { describeShape, SHAPES } from '../support/convShapes.ts';
import { checkConvolution, isQuick } from './webgpuInterpreted.ts';

describe('convolutions', () => {
  it.each(SHAPES.filter((shape) => !isQuick(shape)).map((shape) => [describeShape(shape), shape] as const))(
    '%s',
    (_, shape) => checkConvolution(shape),
  );
});
