import type { Place } from '../../places';
import { ShadowPage } from './page';

/** A page of a version: the navigation leads to versions. */
export const shadow: Place = { path: '/versions', pages: { '/:number/shadow': ShadowPage } };
