import { useEffect, useRef } from 'react';
import { m } from 'virtual:messages';
import { isTyping } from '../components/keys.ts';

/** `?` shows which keys do what. */
export function ShortcutHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '?' || isTyping(event)) return;
      event.preventDefault();
      dialog.current?.showModal();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const rows: readonly (readonly [string, string])[] = [
    ['Ctrl K / ⌘K', m.keys_search()],
    ['j  k  ↓  ↑', m.keys_move()],
    ['Enter', m.keys_open()],
    ['?', m.keys_help()],
    ['Esc', m.keys_close()],
  ];
  return (
    <dialog ref={dialog} className="x-dialog" aria-labelledby="keys-title">
      <h2 id="keys-title">{m.keys_title()}</h2>
      <dl className="x-keys">
        {rows.map(([keys, text]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="x-button x-button--quiet">
          {m.close()}
        </button>
      </form>
    </dialog>
  );
}
