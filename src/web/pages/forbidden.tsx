import { m } from 'virtual:messages';
import { ButtonLink } from '../components/app-link.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** A page that exists, but not for this role; says whom to ask. */
export function ForbiddenPage() {
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.forbidden_title()} lead={m.forbidden_lead()} />
      <p>
        <ButtonLink to="/" kind="primary">
          {m.back_home()}
        </ButtonLink>
      </p>
    </div>
  );
}
