/** A small line of rates, newest on the right; the text says what it shows. */
export function RateLine({ rates, text }: { readonly rates: readonly number[]; readonly text: string }) {
  const most = Math.max(1, ...rates);
  const width = 240;
  const step = width / Math.max(1, rates.length - 1);
  const points = rates.map(
    (rate, index) => `${(index * step).toFixed(1)},${(36 - (rate / most) * 34).toFixed(1)}`,
  );
  return (
    <div className="ms-rate">
      <svg viewBox={`0 0 ${width} 38`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {rates.length > 1 ? <polyline points={points.join(' ')} /> : null}
      </svg>
      <p className="ms-lead x-numbers" role="status">
        {text}
      </p>
    </div>
  );
}
