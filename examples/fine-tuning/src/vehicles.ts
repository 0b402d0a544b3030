/** ResNet-20 with two classes, animal and vehicle, from cnnc's models. */
export { default } from '../node_modules/cnnc/models/vehicles.ts';
