import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { setLocale } from 'virtual:language';
import { authRoutes } from '#platform/auth/contract';
import { call } from '../client/call.ts';
import { changeLanguage, language, type Language } from '../client/language.ts';
import { meKey, type Me } from '../client/session.ts';

/** How the console looks and speaks; both are kept at once, so that neither is taken from a default later. */
type Look = Pick<Me, 'language' | 'theme'>;

/** Choices on their way, in order: the last one pressed is the last one kept. */
let sending: Promise<unknown> = Promise.resolve();

/**
 * Keeps a choice with the person who is signed in, for the next sign-in anywhere; before signing in it stays with the
 * browser alone. What the page shows never waits for it, and goes on where it cannot be kept.
 */
function keepLook(client: QueryClient, look: Look): void {
  const me = client.getQueryData<Me>(meKey);
  if (me?.person == null) return;
  client.setQueryData<Me>(meKey, { ...me, ...look, lookChosen: true });
  sending = sending.then(() => call(authRoutes.changeMe, { body: look })).catch(() => null);
}

const themeOf = (scheme: MantineColorScheme): Me['theme'] => (scheme === 'auto' ? 'system' : scheme);

function speakHere(next: Language): void {
  setLocale(next, { reload: false });
  changeLanguage(next);
}

/** Speaks another language from now on and keeps it with the person; answers of the server are asked for anew. */
export function useSpeak(): (next: Language) => void {
  const client = useQueryClient();
  const { colorScheme } = useMantineColorScheme();
  return (next) => {
    keepLook(client, { language: next, theme: themeOf(colorScheme) });
    speakHere(next);
    void sending.then(() => client.invalidateQueries());
  };
}

/** The colour scheme, and how to change it at once and keep it with the person. */
export function useScheme(): readonly [MantineColorScheme, (next: MantineColorScheme) => void] {
  const client = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const change = (next: MantineColorScheme): void => {
    setColorScheme(next);
    keepLook(client, { language: language(), theme: themeOf(next) });
  };
  return [colorScheme, change];
}

/** Takes up what a person chose earlier, perhaps on another machine, once after each sign-in. */
export function useOwnLook(me: Me | undefined): void {
  const client = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const taken = useRef(takenFor(client));
  useEffect(() => {
    const person = me?.person?.id ?? null;
    if (me === undefined || person === null || taken.current.person === person) return;
    taken.current.person = person;
    if (!me.lookChosen) return;
    setColorScheme(me.theme === 'system' ? 'auto' : me.theme);
    if (me.language === language()) return;
    speakHere(me.language);
    void client.invalidateQueries();
  }, [me, client, setColorScheme]);
}

const takers = new WeakMap<QueryClient, { person: string | null }>();

/** For whom the choice was taken up; a change of language draws the page anew and must not take it up again. */
function takenFor(client: QueryClient): { person: string | null } {
  const found = takers.get(client) ?? { person: null };
  takers.set(client, found);
  return found;
}

/** Forgets whose choice was taken up, so that the next sign-in takes up its own. */
export function forgetLook(client: QueryClient): void {
  takenFor(client).person = null;
}
