import { Suspense, lazy } from 'react';
import { CombinedError } from 'urql';

import type { Page } from '../places';
import { Loading } from './states';

/** A page that is loaded when it is opened; the one before it is gone by then. */
export function opened(load: () => Promise<{ default: Page }>): Page {
  const Loaded = lazy(() => load().catch((error: Error) => { throw new CombinedError({ networkError: error }); }));
  return ({ params }) => <Suspense fallback={<Loading />}><Loaded params={params} /></Suspense>;
}
