import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { m } from 'virtual:messages';
import { ProblemError } from '../client/problem.ts';
import { Icon, type IconName } from './icon.tsx';

/** A list without rows says what will stand here and what to do first. */
export function EmptyState(props: {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="x-state">
      <span className="x-state__mark">
        <Icon name={props.icon ?? 'table'} size={26} />
      </span>
      <p className="x-state__title">{props.title}</p>
      {props.children === undefined ? null : <div className="x-state__text">{props.children}</div>}
      {props.action}
    </div>
  );
}

/** What went wrong in the words of the server, the request id to quote, and a way on. */
export function ErrorState({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  return (
    <div className="x-state x-state--error" role="alert">
      <span className="x-state__mark">
        <Icon name="alert" size={26} />
      </span>
      <p className="x-state__title">{problemText(error)}</p>
      {error instanceof ProblemError && error.problem.instance !== '' ? (
        <p className="x-state__text">
          {m.problem_request_id()} <code className="x-code">{error.problem.instance}</code>
        </p>
      ) : null}
      {retry === undefined ? null : (
        <Button variant="default" onClick={retry}>
          {m.problem_retry()}
        </Button>
      )}
    </div>
  );
}

/** A sentence for a person, whatever was thrown. */
export function problemText(error: Error): string {
  if (!(error instanceof ProblemError)) return m.problem_unexpected();
  if (error.code === 'client.unreachable') return m.problem_unreachable();
  if (error.problem.detail !== '') return error.problem.detail;
  return m.problem_unexpected();
}

/** Something to know, with a mark and a word for its weight, so that colour is not alone. */
export function Notice({
  tone = 'info',
  title,
  children,
}: {
  readonly tone?: 'info' | 'success' | 'warning' | 'danger';
  readonly title?: string;
  readonly children?: ReactNode;
}) {
  const icons = { info: 'info', success: 'check', warning: 'alert', danger: 'stop' } as const;
  return (
    <div className={`x-notice x-notice--${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon name={icons[tone]} />
      <div>
        {title === undefined ? null : <p className="x-notice__title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** Grey bars in the shape of what is coming. */
export function Loading({ rows = 5 }: { readonly rows?: number }) {
  return (
    <div className="x-loading" role="status">
      <span className="x-hidden">{m.loading()}</span>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} className="x-loading__bar" />
      ))}
    </div>
  );
}
