/** Types of the operations in src/, from the schema that is printed beside the code. */
const texts = ['CountryCode', 'CurrencyCode', 'Date', 'DateTime', 'Decimal', 'EmailAddress', 'FieldPath', 'PhoneNumber'];

export default {
  schema: '../../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/generated/**'],
  silent: true,
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        onlyOperationTypes: true,
        strictScalars: true,
        scalars: { ...Object.fromEntries(texts.map((name) => [name, 'string'])), JSON: 'unknown' },
      },
    },
  },
};
