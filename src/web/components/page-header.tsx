import { useEffect, useRef, type ReactNode } from 'react';
import { m } from 'virtual:messages';
import { AppLink } from './app-link.tsx';
import { arriveAt } from './arrival.ts';
import { Icon } from './icon.tsx';

export interface Crumb {
  readonly label: string;
  readonly to: string;
}

/** The one `h1` of a page, what it is for in a sentence, and what can be done here. Sets the title of the document. */
export function PageHeader(props: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly back?: Crumb;
}) {
  useEffect(() => {
    document.title = `${props.title} · ${m.product_name()}`;
  }, [props.title]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => arriveAt(heading.current), []);
  return (
    <header className="x-page-header">
      <div>
        {props.back === undefined ? null : (
          <AppLink className="x-page-header__back" to={props.back.to}>
            <Icon name="back" size={16} />
            {props.back.label}
          </AppLink>
        )}
        <h1 id="page-title" tabIndex={-1} ref={heading}>
          {props.title}
        </h1>
        {props.lead === undefined ? null : <p className="x-page-header__lead">{props.lead}</p>}
      </div>
      {props.actions === undefined ? null : (
        <div className="x-page-header__actions x-no-print">{props.actions}</div>
      )}
    </header>
  );
}

/** A part of a page with its heading. `aside` stands on its right: a link to all, an export. */
export function Section(props: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly id?: string;
}) {
  return (
    <section className="x-section" {...(props.id !== undefined && { id: props.id })}>
      <div className="x-section__head">
        <h2>{props.title}</h2>
        {props.aside}
      </div>
      {props.lead === undefined ? null : <p className="x-muted x-prose">{props.lead}</p>}
      {props.children}
    </section>
  );
}
