// What graphql-codegen makes of the schema that the server tells, for the operations of page.ts.
const { ADDRESS, TOKEN, OUT } = process.env;
const scalars = Object.fromEntries(
  ["CountryCode", "CurrencyCode", "Date", "DateTime", "Decimal", "EmailAddress", "FieldPath", "PhoneNumber"].map((name) => [name, "string"]),
);

export default {
  schema: [{ [`${ADDRESS}/graphql`]: { headers: { authorization: `Bearer ${TOKEN}` } } }],
  documents: [`${OUT}/page.ts`],
  generates: {
    [`${OUT}/generated/`]: {
      preset: "client",
      config: { useTypeImports: true, enumsAsTypes: true, strictScalars: true, scalars: { ...scalars, JSON: "unknown" } },
    },
  },
};
