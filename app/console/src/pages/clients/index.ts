import { opened } from '../../parts/opened';
import type { Place } from '../../places';
import { places } from '../../words/places';

export const clients: Place = { path: '/clients', title: places.clients, pages: { '': opened(() => import('./page')) } };
