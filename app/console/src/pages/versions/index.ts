import { opened } from '../../parts/opened';
import type { Place } from '../../places';
import { places } from '../../words/places';
import './style.css';

export const versions: Place = {
  path: '/versions',
  title: places.versions,
  pages: {
    '': opened(() => import('./all')),
    '/:number': opened(() => import('./one')),
    '/:number/compare': opened(() => import('./compare')),
    '/:number/rules/:role?/:rule?': opened(() => import('./rules')),
    '/:number/tests': opened(() => import('./tests')),
  },
};
