import type { Place } from '../../places';
import { AuditPage } from './page';
import { words } from './words';

export const audit: Place = { path: '/audit', words, pages: { '': AuditPage } };
