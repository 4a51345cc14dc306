import { opened } from '../../parts/opened';
import type { Place } from '../../places';

/** A page of a version: the navigation leads to versions. */
export const shadow: Place = { path: '/versions', pages: { '/:number/shadow': opened(() => import('./page')) } };
