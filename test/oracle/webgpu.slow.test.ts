/** As webgpu.test.ts, with every optimizer for every net. */
import { describeOracleOnGpu } from './gpu.ts';
import { optimizerNames } from './oracle.ts';

describeOracleOnGpu(() => optimizerNames);
