import { useQueryClient } from '@tanstack/react-query';
import { getLocale, setLocale } from 'virtual:language';
import { m } from 'virtual:messages';
import { changeLanguage, language, type Language } from '../client/language.ts';
import { Icon } from '../components/icon.tsx';

/** Takes up the language that was chosen before, or that the browser asks for. */
export function startLanguage(): void {
  changeLanguage(getLocale());
  document.documentElement.lang = language();
}

/** Speaks another language from now on; answers of the server are asked for anew. */
export function useSpeak(): (next: Language) => void {
  const client = useQueryClient();
  return (next) => {
    setLocale(next, { reload: false });
    changeLanguage(next);
    void client.invalidateQueries();
  };
}

/** The other language, by its own name. The page stays. */
export function LanguageSwitch() {
  const speak = useSpeak();
  const other: Language = language() === 'en' ? 'zh-TW' : 'en';
  return (
    <button type="button" className="x-bar__button" lang={other} onClick={() => speak(other)}>
      <Icon name="globe" size={18} />
      <span>{m.shell_other_language()}</span>
    </button>
  );
}
