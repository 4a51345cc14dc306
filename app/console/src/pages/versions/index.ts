import type { Place } from '../../places';
import { VersionsPage } from './all';
import { ComparePage } from './compare';
import { VersionPage } from './one';
import { RulesPage } from './rules';
import { TestsPage } from './tests';
import './style.css';
import { words } from './words';

export const versions: Place = {
  path: '/versions',
  words,
  pages: {
    '': VersionsPage,
    '/:number': VersionPage,
    '/:number/compare': ComparePage,
    '/:number/rules/:role?/:rule?': RulesPage,
    '/:number/tests': TestsPage,
  },
};
