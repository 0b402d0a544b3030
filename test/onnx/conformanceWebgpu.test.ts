/** As conformance.test.ts, on WebGPU. WGSL promises nothing of NaN and infinities; no case asks for more than it gives. */
import { describeOnGpu } from '../support/gpu.ts';
import { describeConformance } from './conformance.ts';
import { WEBGPU_RUNNER } from './support.ts';

describeOnGpu('by SwiftShader', () => describeConformance([WEBGPU_RUNNER]));
