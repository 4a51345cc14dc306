import { lazy } from 'react';
import { CombinedError } from 'urql';

import type { Page } from '../places';

/** A page that is loaded when it is opened. */
export function opened(load: () => Promise<{ default: Page }>): Page {
  return lazy(() => load().catch((error: Error) => { throw new CombinedError({ networkError: error }); }));
}
