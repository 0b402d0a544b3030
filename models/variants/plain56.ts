/** The plain net of 56 layers, which trains worse than plain20: why there are shortcuts. He et al. 2016, figure 6; the net is in shared/cifarResnet.ts. */
import { cifarResnet } from '../shared/cifarResnet.ts';

export default cifarResnet('plain56', 56, 'plain');
