/** Every oracle net on WebGPU with one optimizer, each of them in its turn; webgpu.slow.test.ts takes all of them. */
import { describeOracleOnGpu } from './gpu.ts';
import { optimizerNames } from './oracle.ts';

describeOracleOnGpu((index) => [optimizerNames[index % optimizerNames.length]!]);
