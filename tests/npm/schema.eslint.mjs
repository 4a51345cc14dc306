// What graphql-eslint recommends for a schema, and the rules of Relay, as this schema takes them:
// what is no node has no id, lists may hold values, a feed goes forward only, and conditions are joined in capitals.
import { readFileSync } from "node:fs";
import plugin from "@graphql-eslint/eslint-plugin";
import { buildSchema, isObjectType } from "graphql";

const schema = buildSchema(readFileSync(process.env.SCHEMA, "utf8"));
const values = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !type.getInterfaces().some(({ name }) => name === "Node"))
  .map(({ name }) => name);
const { rules: recommended } = plugin.configs["flat/schema-recommended"];
const { rules: relay } = plugin.configs["flat/schema-relay"];
const [, names] = recommended["@graphql-eslint/naming-convention"];

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: process.env.SCHEMA } } },
    plugins: { "@graphql-eslint": plugin },
    rules: {
      ...recommended,
      ...relay,
      "@graphql-eslint/naming-convention": [
        "error",
        { ...names, InputValueDefinition: { style: "camelCase", ignorePattern: "^(AND|OR|NOT)$" } },
      ],
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      "@graphql-eslint/relay-edge-types": ["error", { withEdgeSuffix: true, listTypeCanWrapOnlyEdgeType: false }],
      "@graphql-eslint/strict-id-in-types": ["error", { exceptions: { types: values } }],
    },
  },
];
