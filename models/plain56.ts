/** The plain net of 56 layers, which trains worse than plain20: why there are shortcuts. He et al. 2016, figure 6; the net is in cifarResnet.ts. */
import { cifarResnet } from './cifarResnet.ts';

export default cifarResnet('plain56', 56, 'plain');
