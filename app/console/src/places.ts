/** The places of the console, in the order of the navigation. Each is a folder of pages/. */
import type { ComponentType } from 'react';

import { audit } from './pages/audit';
import { clients } from './pages/clients';
import { impact } from './pages/impact';
import { matrix } from './pages/matrix';
import { people } from './pages/people';
import { shadow } from './pages/shadow';
import { versions } from './pages/versions';
import { viewAs } from './pages/view-as';
import type { Spoken } from './words';

/** A page is given what its address names. */
export type Page = ComponentType<{ params: Record<string, string | undefined> }>;

/** Pages under one address, and how the navigation calls them; without a title it has no entry there. */
export interface Place {
  path: string;
  title?: Spoken<string>;
  /** Pages by what follows the address; '' is the first. Each is loaded when it is opened. */
  pages: Record<string, Page>;
}

export const PLACES: readonly Place[] = [matrix, viewAs, versions, people, clients, audit, impact, shadow];
