/** The nets of nets.test.ts, on wasm with relaxed SIMD and without Winograd's algorithm. */
import { describeNets } from './nets.ts';
import { OTHER_RUNNERS } from './support.ts';

describeNets(OTHER_RUNNERS);
