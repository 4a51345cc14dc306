import type { Place } from '../../places';
import { MatrixPage } from './matrix';
import './style.css';
import { words } from './words';

export const matrix: Place = { path: '/matrix', words, pages: { '': MatrixPage } };
