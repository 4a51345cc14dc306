import { useLanguage } from '../words';

/** A moment, as it is written here. */
export function Moment({ at }: { at: string | null | undefined }) {
  const { language } = useLanguage();
  if (!at) return <>–</>;
  return <time dateTime={at}>{new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })}</time>;
}
