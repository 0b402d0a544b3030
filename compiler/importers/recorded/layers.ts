/** Layers with parameters: how they are named, and how their numbers become the model's weights. */
import { addWeight, call, live, type Live, type Options, type Recorder, type Value } from './calls.ts';
import { known, type Known } from './known.ts';
import { claimName } from './names.ts';

/** The parts of a format's node that a layer is made from. */
export interface LayerSite {
  readonly r: Recorder;
  /** Undefined for an operand that is left out. */
  readonly inputs: readonly (Value | undefined)[];
  /** Returns the layer's name, from its weight's name in the file or from the node's name. */
  layerName(weight: string | undefined): string;
}

export type Parameters = Readonly<Record<string, Known | undefined>>;

/** Calls a layer whose parameters take these numbers. `weight` is the weight's name in the file. */
export function makeLayer(
  site: LayerSite,
  method: string,
  x: Live,
  options: Options,
  parameters: Parameters,
  weight: string | undefined,
): Live {
  const { r } = site;
  const name = claimName(r.names, site.layerName(weight), method);
  const result = call(r, 'f32', method, [x], options, name);
  for (const [key, value] of Object.entries(parameters))
    if (value) addWeight(r, `${name}.${key}`, value.data instanceof Float32Array ? value : asF32(value));
  return result;
}

const asF32 = (value: Known): Known => known('f32', value.shape, value.data, value.source);

/** Whether a layer can own the operand as a parameter: its numbers are known, and no other layer has them. */
export const isFree = (site: LayerSite, index: number): boolean => {
  const value = site.inputs[index];
  return value === undefined || (value.kind === 'known' && !site.r.made.has(value.data));
};

export const allFree = (site: LayerSite, ...indices: readonly number[]): boolean =>
  indices.every((index) => isFree(site, index));

export const optionalLive = (site: LayerSite, index: number): Live | undefined =>
  site.inputs[index] && live(site.r, site.inputs[index]);
