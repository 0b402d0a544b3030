/** MobileNetV3-Small. Howard et al. 2019, table 2; see shared/mobilenetv3.ts. */
import { mobilenetv3 } from '../shared/mobilenetv3.ts';

export default mobilenetv3(
  'mobilenetv3_small',
  [
    [3, 16, 16, true, 'relu', 2],
    [3, 72, 24, false, 'relu', 2],
    [3, 88, 24, false, 'relu', 1],
    [5, 96, 40, true, 'hardSwish', 2],
    [5, 240, 40, true, 'hardSwish', 1],
    [5, 240, 40, true, 'hardSwish', 1],
    [5, 120, 48, true, 'hardSwish', 1],
    [5, 144, 48, true, 'hardSwish', 1],
    [5, 288, 96, true, 'hardSwish', 2],
    [5, 576, 96, true, 'hardSwish', 1],
    [5, 576, 96, true, 'hardSwish', 1],
  ],
  1024,
);
