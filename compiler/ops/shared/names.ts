/** Parts of kernel names, such as `conv2d_3x3_s2_64to128`. */
import type { Pair, WindowAttrs } from './window.ts';

export const sizeName = (extents: readonly number[]): string => extents.join('x');

const strideName = (stride: Pair): string =>
  stride.every((s) => s === 1) ? '' : stride[0] === stride[1] ? `_s${stride[0]}` : `_s${sizeName(stride)}`;

const dilationName = (dilation: Pair): string =>
  dilation.every((d) => d === 1) ? '' : `_d${dilation[0] === dilation[1] ? dilation[0] : sizeName(dilation)}`;

type Slide = Pick<WindowAttrs, 'kernel' | 'stride' | 'dilation'>;

/** `3x3_s2` */
export const windowName = ({ kernel, stride, dilation }: Slide): string =>
  `${sizeName(kernel)}${strideName(stride)}${dilationName(dilation)}`;

/** The name of a convolution with a weight [O, C / groups, KH, KW]. A depthwise convolution has a special name. */
export function convName(
  [name, depthwise]: readonly [name: string, depthwise: string],
  weight: readonly number[],
  attrs: Pick<Slide, 'stride' | 'dilation'> & { readonly groups: number },
): string {
  const [outputs, perGroup, height, width] = weight;
  const window = windowName({ ...attrs, kernel: [height!, width!] });
  const channels = perGroup! * attrs.groups;
  if (attrs.groups > 1 && perGroup === 1)
    return `${depthwise}_${window}_${channels}${outputs === channels ? '' : `to${outputs}`}`;
  return `${name}_${window}_${channels}to${outputs}${attrs.groups > 1 ? `_g${attrs.groups}` : ''}`;
}
