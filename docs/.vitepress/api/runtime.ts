/**
 * What packages export from their runtime: images, classes, boxes and schedules of the learning rate. A package holds a
 * copy of the parts that it uses.
 *
 * @module runtime
 */
export * from '../../../runtime/image.ts';
export * from '../../../runtime/topK.ts';
export * from '../../../runtime/detection.ts';
export * from '../../../runtime/training/schedule.ts';
