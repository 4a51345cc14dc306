import type { Page } from '../../../places';
export const RulesPage: Page = () => null;
