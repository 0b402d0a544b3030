import { Suspense, useState } from 'react';
import { useModel } from './useModel.js';

export const Classifier = () => (
  <>
    <h1>A digit, with React</h1>
    <Suspense fallback={<p>Loading the model …</p>}>
      <Picker />
    </Suspense>
  </>
);

function Picker() {
  const classify = useModel();
  const [ranked, setRanked] = useState([]);
  const take = async ({ target }) => setRanked(classify(await createImageBitmap(target.files[0])));
  return (
    <>
      <p>
        <label>
          An image of a white digit on black: <input type="file" accept="image/*" onChange={take} />
        </label>
      </p>
      <ol>
        {ranked.map(({ label, probability }) => (
          <li key={label}>
            {label}: {(probability * 100).toFixed(1)}%
          </li>
        ))}
      </ol>
    </>
  );
}
