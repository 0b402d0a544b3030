/** The cases of conformance.test.ts, on WebGPU. WGSL promises nothing about NaN and infinities, and no case depends on them. */
import { describeOnGpu } from '../support/gpu.ts';
import { describeConformance } from './conformance.ts';
import { WEBGPU_RUNNER } from './support.ts';

describeOnGpu('by SwiftShader', () => describeConformance([WEBGPU_RUNNER]));
