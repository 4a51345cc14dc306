/** What surrounds every page. */
import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';

import { ThemeChoice } from './parts/theme';
import { PLACES } from './places';
import type { Session } from './signing-in';
import { LANGUAGES, said, useLanguage, type Language } from './words';

export function LanguageChoice() {
  const { words, language, speak } = useLanguage();
  return (
    <select aria-label={words.languages} value={language} onChange={(event) => speak(event.target.value as Language)}>
      {Object.entries(LANGUAGES).map(([code, of]) => (
        <option key={code} value={code} lang={code}>{of.language}</option>
      ))}
    </select>
  );
}

function Way({ to, children }: { to: string; children: ReactNode }) {
  const [isHere] = useRoute(`${to}/*?`);
  return <Link href={to} aria-current={isHere ? 'page' : undefined}>{children}</Link>;
}

export function Frame({ session, children }: { session: Session | null; children: ReactNode }) {
  const { words, language } = useLanguage();
  return (
    <>
      <a className="skip" href="#content">{words.skip}</a>
      <header>
        <Link href="/" className="brand">{words.home}</Link>
        {session && (
          <nav aria-label={words.main}>
            {PLACES.map((each) => each.title && <Way key={each.path} to={each.path}>{each.title[language]}</Way>)}
          </nav>
        )}
        <div className="choices">
          <LanguageChoice />
          <ThemeChoice />
          {session && (
            <>
              <span className="quiet">{said(words.signedInAs, { name: session.name })}</span>
              <button type="button" onClick={() => session.leave()}>{words.signOut}</button>
            </>
          )}
        </div>
      </header>
      <main id="content" tabIndex={-1}>{children}</main>
    </>
  );
}
