/** The cases of conformance.test.ts, on wasm with relaxed SIMD and without Winograd's algorithm. */
import { describeConformance } from './conformance.ts';
import { OTHER_RUNNERS } from './support.ts';

describeConformance(OTHER_RUNNERS);
