import type { Page } from '../../../places';
export const TestsPage: Page = () => null;
