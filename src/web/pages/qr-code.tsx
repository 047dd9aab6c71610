import { create } from 'qrcode';
import { useMemo } from 'react';

const EDGE = 4;

/** A QR code drawn as one path, dark on white in either scheme so that every camera reads it. */
export function QrCode({
  text,
  label,
  size = 196,
}: {
  readonly text: string;
  readonly label: string;
  readonly size?: number;
}) {
  const { path, width } = useMemo(() => drawn(text), [text]);
  return (
    <div className="x-qr">
      <svg
        role="img"
        aria-label={label}
        width={size}
        height={size}
        viewBox={`0 0 ${width} ${width}`}
        shapeRendering="crispEdges"
      >
        <path d={path} fill="#000000" />
      </svg>
    </div>
  );
}

function drawn(text: string): { path: string; width: number } {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const parts: string[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column) !== 0) parts.push(`M${column + EDGE} ${row + EDGE}h1v1h-1z`);
    }
  }
  return { path: parts.join(''), width: modules.size + 2 * EDGE };
}
