/** MobileNetV3-Large. Howard et al. 2019, table 1; see shared/mobilenetv3.ts. */
import { mobilenetv3 } from './shared/mobilenetv3.ts';

export default mobilenetv3(
  'mobilenetv3_large',
  [
    [3, 16, 16, false, 'relu', 1],
    [3, 64, 24, false, 'relu', 2],
    [3, 72, 24, false, 'relu', 1],
    [5, 72, 40, true, 'relu', 2],
    [5, 120, 40, true, 'relu', 1],
    [5, 120, 40, true, 'relu', 1],
    [3, 240, 80, false, 'hardSwish', 2],
    [3, 200, 80, false, 'hardSwish', 1],
    [3, 184, 80, false, 'hardSwish', 1],
    [3, 184, 80, false, 'hardSwish', 1],
    [3, 480, 112, true, 'hardSwish', 1],
    [3, 672, 112, true, 'hardSwish', 1],
    [5, 672, 160, true, 'hardSwish', 2],
    [5, 960, 160, true, 'hardSwish', 1],
    [5, 960, 160, true, 'hardSwish', 1],
  ],
  1280,
);
