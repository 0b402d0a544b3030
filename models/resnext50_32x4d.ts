/** ResNeXt-50 (32x4d). Xie et al. 2017, table 1; see shared/resnext.ts. */
import { resnext } from './shared/resnext.ts';

export default resnext('resnext50_32x4d', [3, 4, 6, 3], { groups: 32, width: 4 });
