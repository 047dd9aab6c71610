import { m } from 'virtual:messages';
import { ButtonLink } from '../components/app-link.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** An address that leads nowhere. */
export default function NotFoundPage() {
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.not_found_title()} lead={m.not_found_lead()} />
      <p>
        <ButtonLink to="/" kind="primary">
          {m.back_home()}
        </ButtonLink>
      </p>
    </div>
  );
}
