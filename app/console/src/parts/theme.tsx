/** Light, dark, or as the system says. */
import { useEffect, useState } from 'react';

import { useWords } from '../words';

const KEPT = 'customer360.console.theme';
const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

function kept(): Theme {
  return THEMES.find((each) => each === localStorage.getItem(KEPT)) ?? 'auto';
}

export function ThemeChoice() {
  const words = useWords();
  const [theme, setTheme] = useState<Theme>(kept);
  useEffect(() => {
    localStorage.setItem(KEPT, theme);
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <select aria-label={words.theme} value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
      {THEMES.map((each) => (
        <option key={each} value={each}>{words.themes[each]}</option>
      ))}
    </select>
  );
}
