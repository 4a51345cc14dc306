/** Who has signed in, and the page that is asked for. */
import { useEffect, useMemo, useState } from 'react';
import { Provider } from 'urql';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';

import { Frame } from './frame';
import { graph } from './graph';
import { Doings } from './parts/doing';
import { Guard } from './parts/guard';
import { Failed, Loading } from './parts/states';
import { PLACES } from './places';
import { enter, signIn, type Session } from './signing-in';
import { useLanguage, useWords } from './words';

type Standing = { is: 'asked' } | { is: 'out' } | { is: 'failed'; why: Error } | { is: 'in'; session: Session };

/** Asked once for the page, however often the app is drawn. */
const entering = enter();

function useStanding(): Standing {
  const [standing, setStanding] = useState<Standing>({ is: 'asked' });
  useEffect(() => {
    entering.then(
      (session) => setStanding(session ? { is: 'in', session } : { is: 'out' }),
      (why: Error) => setStanding({ is: 'failed', why }),
    );
  }, []);
  return standing;
}

function SignedOut() {
  const words = useWords();
  return (
    <>
      <h1>{words.home}</h1>
      <p>{words.signInWhy}</p>
      <button type="button" className="first" onClick={() => signIn()}>{words.signIn}</button>
    </>
  );
}

function SignedIn({ session }: { session: Session }) {
  const { words, language } = useLanguage();
  const [at] = useLocation();
  const client = useMemo(() => graph(session, language), [session, language]);
  return (
    <Provider value={client}>
      <Doings>
        <Guard at={at}>
          <Switch>
            <Route path="/"><Redirect to={PLACES[0]!.path} replace /></Route>
            {PLACES.flatMap(({ path, pages }) => Object.entries(pages).map(([rest, page]) => (
              <Route key={path + rest} path={path + rest} component={page} />
            )))}
            <Route><h1>{words.noPage}</h1></Route>
          </Switch>
        </Guard>
      </Doings>
    </Provider>
  );
}

export function App() {
  const standing = useStanding();
  return (
    <Router base="/admin">
      <Frame session={standing.is === 'in' ? standing.session : null}>
        {standing.is === 'asked' && <Loading />}
        {standing.is === 'out' && <SignedOut />}
        {standing.is === 'failed' && <Failed error={standing.why} again={() => signIn()} />}
        {standing.is === 'in' && <SignedIn session={standing.session} />}
      </Frame>
    </Router>
  );
}
