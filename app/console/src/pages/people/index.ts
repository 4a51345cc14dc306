import { opened } from '../../parts/opened';
import type { Place } from '../../places';
import { places } from '../../words/places';

export const people: Place = { path: '/people', title: places.people, pages: { '': opened(() => import('./all')), '/person': opened(() => import('./one')) } };
