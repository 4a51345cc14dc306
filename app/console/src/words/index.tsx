/** The console's words, in the language that is chosen here, or that the browser asks for. */
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

import { en, type Words } from './en';
import { zh } from './zh';

export type { Words };

export const LANGUAGES = { en, 'zh-CN': zh } as const;
export type Language = keyof typeof LANGUAGES;

/** The words of one place, in each language. */
export type Spoken<Of> = Record<Language, Of>;

const KEPT = 'customer360.console.language';

interface Speaking {
  words: Words;
  language: Language;
  speak(language: Language): void;
}

const Context = createContext<Speaking>({ words: en, language: 'en', speak: () => {} });

function chosen(): Language {
  const wanted = [localStorage.getItem(KEPT) ?? '', ...navigator.languages];
  for (const each of wanted) {
    if (each.startsWith('zh')) return 'zh-CN';
    if (each.startsWith('en')) return 'en';
  }
  return 'en';
}

export function Speaking({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(chosen);
  const words = LANGUAGES[language];
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = words.title;
  }, [language, words]);
  const speaking = useMemo(
    () => ({
      words,
      language,
      speak(to: Language) {
        localStorage.setItem(KEPT, to);
        setLanguage(to);
      },
    }),
    [words, language],
  );
  return <Context.Provider value={speaking}>{children}</Context.Provider>;
}

export function useWords(): Words {
  return useContext(Context).words;
}

/** The words of one place, in the language that is spoken. */
export function useSpoken<Of>(words: Spoken<Of>): Of {
  return words[useLanguage().language];
}

export function useLanguage(): Speaking {
  return useContext(Context);
}

/** `1 person`, `14 people`: a sentence of which one form is of one, the other of more. */
export function counted(forms: { one: string; other: string }, n: number, language: Language): string {
  return said(n === 1 ? forms.one : forms.other, { n: n.toLocaleString(language) });
}

/** A sentence with what it names put in. */
export function said(sentence: string, names: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(names[name]));
}
