import './phone.css';
import type { ReactNode } from 'react';
import { m } from 'virtual:messages';
import { piecesOf, type Mark } from './text-pieces.ts';

export interface Bubble {
  /** Exactly as it is sent. */
  readonly text: string;
  /** Ends of the parts but the last, UTF-16 offsets into the text. */
  readonly cuts?: readonly number[];
  readonly marks?: readonly Mark[];
  /** Already written for the reader. */
  readonly when?: ReactNode;
  readonly key?: string;
}

/** A phone as drawn by the style sheet, with texts from 111 on it. What stands in a bubble is the text and nothing else. */
export function Phone({
  bubbles,
  owner,
  label,
  empty,
  size = 'full',
}: {
  readonly bubbles: readonly Bubble[];
  /** Whose phone it is: the number, below the screen. */
  readonly owner?: ReactNode;
  readonly label: string;
  /** Shown on a screen without texts. */
  readonly empty?: ReactNode;
  readonly size?: 'full' | 'small';
}) {
  return (
    <figure className={`ms-phone ms-phone--${size}`} aria-label={label}>
      <div className="ms-phone__body">
        <span className="ms-phone__ear" aria-hidden="true" />
        <div className="ms-phone__screen">
          <p className="ms-phone__from">
            <span className="ms-phone__face" aria-hidden="true">
              111
            </span>
            <span>
              <strong>111</strong>
              <small>{m.messaging_short_code()}</small>
            </span>
          </p>
          <div className="ms-phone__texts">
            {bubbles.length === 0 ? <p className="ms-phone__empty">{empty}</p> : null}
            {bubbles.map((bubble, index) => (
              <div key={bubble.key ?? index} className="ms-bubble">
                <p className="ms-bubble__text">
                  <BubbleText {...bubble} />
                </p>
                {bubble.when === undefined ? null : <p className="ms-bubble__when">{bubble.when}</p>}
              </div>
            ))}
          </div>
        </div>
      </div>
      {owner === undefined ? null : <figcaption className="ms-phone__owner">{owner}</figcaption>}
    </figure>
  );
}

/** The text in pieces: parts alternate in their ground, marks have a stroke and a number. */
function BubbleText({ text, cuts = [], marks = [] }: Bubble) {
  return piecesOf(text, cuts, marks).map((piece) => (
    <span
      key={piece.start}
      className={[
        'ms-piece',
        cuts.length > 0 && piece.part % 2 === 1 ? 'ms-piece--odd' : '',
        ...piece.kinds.map((kind) => `ms-piece--${kind}`),
      ]
        .filter(Boolean)
        .join(' ')}
      {...(piece.opensPart && cuts.length > 0 && { 'data-part': piece.part + 1 })}
      {...(piece.label !== undefined && { 'data-mark': piece.label })}
    >
      {piece.text}
    </span>
  ));
}
