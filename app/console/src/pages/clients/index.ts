import type { Place } from '../../places';
import { ClientsPage } from './page';
import { words } from './words';

export const clients: Place = { path: '/clients', words, pages: { '': ClientsPage } };
