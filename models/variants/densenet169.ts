/** DenseNet-169, growth rate 32. Huang et al. 2017, table 1; see shared/densenet.ts. */
import { densenet } from '../shared/densenet.ts';

export default densenet('densenet169', [6, 12, 32, 32]);
