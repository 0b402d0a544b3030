/** The nets of webgpu.test.ts, with every optimizer for every net, in both families of kernels. */
import { describeOracleOnGpu } from './gpu.ts';
import { optimizerNames } from './oracle.ts';

describeOracleOnGpu(() => optimizerNames);
describeOracleOnGpu(() => optimizerNames, 'tiled');
