import { useState } from 'react';

/** What stood behind `#` when the page came; it is taken out of the address at once. */
export function useFragment(): string {
  const [fragment] = useState(() => {
    const found = decodeURIComponent(location.hash.slice(1));
    if (found !== '') history.replaceState(history.state, '', location.pathname + location.search);
    return found;
  });
  return fragment;
}
