import { getLocale } from 'virtual:language';
import { m } from 'virtual:messages';
import { changeLanguage, language, type Language } from '../client/language.ts';
import { Icon } from '../components/icon.tsx';
import { useSpeak } from './own-look.ts';

/** Takes up the language that was chosen before, or that the browser asks for. */
export function startLanguage(): void {
  changeLanguage(getLocale());
  document.documentElement.lang = language();
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
