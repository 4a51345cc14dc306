import type { Place } from '../../places';
import { ImpactPage } from './page';

/** A page of a version: the navigation leads to versions. */
export const impact: Place = { path: '/versions', pages: { '/:number/impact': ImpactPage } };
