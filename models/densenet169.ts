/** DenseNet-169, growth rate 32. Huang et al. 2017, table 1; the net is in densenet.ts. */
import { densenet } from './densenet.ts';

export default densenet('densenet169', [6, 12, 32, 32]);
