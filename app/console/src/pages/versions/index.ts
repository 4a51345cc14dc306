import type { Place } from '../../places';
import { VersionsPage } from './all';
import { VersionPage } from './one';
import { words } from './words';

export const versions: Place = { path: '/versions', words, pages: { '': VersionsPage, '/:number': VersionPage } };
