/** Wide ResNet-50-2: bottlenecks with twice the width. Zagoruyko and Komodakis 2016, table 8. */
import { resnext } from './shared/resnext.ts';

export default resnext('wide_resnet50_2', [3, 4, 6, 3], { groups: 1, width: 128 });
