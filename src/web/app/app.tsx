import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState, useSyncExternalStore } from 'react';
import { language, onLanguage } from '../client/language.ts';
import { ProblemError } from '../client/problem.ts';
import { cssVariables, theme } from '../theme/theme.ts';
import { createConsoleRouter } from './router.tsx';

/** The nonce that the server wrote into the page; Mantine's own style tag carries it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

const isWorthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && (!(error instanceof ProblemError) || error.status === 0 || error.status >= 500);

/** The console. A change of language draws everything anew at the same address. */
export function App() {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 10_000 } } }),
  );
  const [router] = useState(createConsoleRouter);
  const spoken = useSyncExternalStore(onLanguage, language);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>
        <RouterProvider key={spoken} router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
