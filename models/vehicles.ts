/**
 * ResNet-20 with another head, to show transfer learning: is it an animal or a vehicle? The body's names are
 * resnet20's, so that its trained weights fit and only the last layer starts with new weights.
 *
 *     cnnc train models/vehicles.ts --data folder:DIR --weights resnet20.safetensors --train head
 */
import { cifarResnet } from './shared/cifarResnet.ts';

export default cifarResnet('vehicles', 20, 'A', ['animal', 'vehicle']);
