/** A server that reads digits: an image in the body of a POST, the most probable classes as JSON. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { load } from './lenet5/index.js';

const model = await load();
const { PORT = '3000' } = process.env;

async function classify(image) {
  // `rotate` applies the orientation that cameras write into photos.
  const { data, info } = await sharp(image)
    .rotate()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return model.classify({ data, width: info.width, height: info.height }, 3);
}

createServer(async (request, response) => {
  if (request.method !== 'POST') return void response.end('POST an image of a white digit on black.\n');
  try {
    const classes = await classify(await buffer(request));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(classes));
  } catch (error) {
    response.writeHead(400).end(`${error.message}\n`);
  }
}).listen(Number(PORT), () => console.log(`http://localhost:${PORT}/`));
