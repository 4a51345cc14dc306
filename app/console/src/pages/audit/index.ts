import { opened } from '../../parts/opened';
import type { Place } from '../../places';
import { places } from '../../words/places';

export const audit: Place = { path: '/audit', title: places.audit, pages: { '': opened(() => import('./page')) } };
