import type { Place } from '../../places';
import { PeoplePage } from './all';
import { PersonPage } from './one';
import { words } from './words';

export const people: Place = { path: '/people', words, pages: { '': PeoplePage, '/person': PersonPage } };
