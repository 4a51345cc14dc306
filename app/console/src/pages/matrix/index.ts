import { opened } from '../../parts/opened';
import type { Place } from '../../places';
import { places } from '../../words/places';
import './style.css';

export const matrix: Place = { path: '/matrix', title: places.matrix, pages: { '': opened(() => import('./matrix')) } };
