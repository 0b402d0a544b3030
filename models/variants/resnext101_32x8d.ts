/** ResNeXt-101 (32x8d), as in torchvision. Xie et al. 2017, section 5; see shared/resnext.ts. */
import { resnext } from '../shared/resnext.ts';

export default resnext('resnext101_32x8d', [3, 4, 23, 3], { groups: 32, width: 8 });
