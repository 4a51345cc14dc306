export const en = {
  language: 'English',
  title: 'Customer 360 · Policies',
  home: 'Policies',
  signIn: 'Sign in',
  signInWhy: 'Here is decided who sees what. Sign in to see what you may.',
  signOut: 'Sign out',
  signedInAs: 'Signed in as {name}',
  loading: 'One moment …',
  failed: 'That did not work.',
  again: 'Try again',
  noPage: 'There is no such page.',
  main: 'Pages',
  theme: 'Colours',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  languages: 'Language',
  skip: 'Skip to the content',
};

export type Words = typeof en;
