import { Link } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { Wordmark } from '../components/brand.tsx';
import { Icon } from '../components/icon.tsx';
import { pages } from './all-pages.ts';
import { isFor, navGroups, type NavGroup, type Page } from './registry.ts';
import { useSignedIn } from './viewer.tsx';

const groupLabels: Readonly<Record<NavGroup, () => string>> = {
  today: () => m.nav_today(),
  act: () => m.nav_act(),
  texts: () => m.nav_texts(),
  data: () => m.nav_data(),
  record: () => m.nav_record(),
  develop: () => m.nav_develop(),
  settings: () => m.nav_settings(),
};

/** The way around, by job. Shows only what the person may use. */
export function Navigation() {
  const viewer = useSignedIn();
  const mine = pages.filter((page) => page.nav !== undefined && isFor(page, viewer));
  return (
    <nav className="x-nav" id="navigation" aria-label={m.nav_label()}>
      <Link to="/" className="x-nav__brand">
        <Wordmark />
      </Link>
      <div className="x-nav__groups">
        {navGroups.map((group) => (
          <Group key={group} group={group} pages={mine.filter((page) => page.nav?.group === group)} />
        ))}
      </div>
      <p className="x-nav__foot">
        <a href="/">{m.nav_public_site()}</a>
        <a href="/docs">{m.nav_api_docs()}</a>
      </p>
    </nav>
  );
}

function Group({ group, pages }: { readonly group: NavGroup; readonly pages: readonly Page[] }) {
  if (pages.length === 0) return null;
  const ordered = [...pages].sort((a, b) => (a.nav?.order ?? 0) - (b.nav?.order ?? 0));
  const id = `nav-${group}`;
  return (
    <div>
      <h2 id={id} className={group === 'today' ? 'x-hidden' : 'x-nav__group'}>
        {groupLabels[group]()}
      </h2>
      <ul aria-labelledby={id}>
        {ordered.map((page) => (
          <li key={page.path}>
            <Link
              to={page.path}
              className="x-nav__link"
              activeOptions={{ exact: page.path === '/', includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
            >
              <Icon name={page.nav?.icon ?? 'dot'} />
              {page.title()}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
