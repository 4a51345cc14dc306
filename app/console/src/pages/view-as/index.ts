import { opened } from '../../parts/opened';
import type { Place } from '../../places';
import { places } from '../../words/places';

export const viewAs: Place = { path: '/view-as', title: places.viewAs, pages: { '': opened(() => import('./page')) } };
