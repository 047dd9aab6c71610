import type { ReactNode } from 'react';
import { m } from 'virtual:messages';
import { Mark } from '../components/brand.tsx';
import { LanguageSwitch } from './language-switch.tsx';

/** The frame of pages before signing in: who we are on the left, the one thing to do on the right. */
export function Alone({ children }: { readonly children: ReactNode }) {
  return (
    <div className="x-alone">
      <header className="x-alone__brand">
        <a href="/" className="x-alone__home">
          <Mark size={44} />
          <span>
            <strong>{m.product_name()}</strong>
            <small>{m.product_tagline()}</small>
          </span>
        </a>
        <p className="x-alone__promise">{m.sign_in_promise()}</p>
        <ul className="x-alone__points">
          <li>{m.sign_in_point_1()}</li>
          <li>{m.sign_in_point_2()}</li>
          <li>{m.sign_in_point_3()}</li>
        </ul>
      </header>
      <main id="content" className="x-alone__main">
        <div className="x-alone__language">
          <LanguageSwitch />
        </div>
        <div className="x-alone__box">{children}</div>
      </main>
    </div>
  );
}
