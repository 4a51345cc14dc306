import { opened } from '../../parts/opened';
import type { Place } from '../../places';

/** A page of a version: the navigation leads to versions. */
export const impact: Place = { path: '/versions', pages: { '/:number/impact': opened(() => import('./page')) } };
