import type { Place } from '../../places';
import { ViewAsPage } from './page';
import { words } from './words';

export const viewAs: Place = { path: '/view-as', words, pages: { '': ViewAsPage } };
