import { fileURLToPath } from "node:url";
import graphql from "@graphql-eslint/eslint-plugin";

const schema = fileURLToPath(new URL("../../schema/schema.graphql", import.meta.url));
const { "flat/schema-recommended": recommended, "flat/schema-relay": relay } = graphql.configs;

// All exceptions with their reasons. graphql-schema-linter, which has its rules in package.json, applies all but those that sort fields
// and enum values by name: the schema is printed in the order of the code, where related fields are next to each other.
const exceptions = {
  // Ids belong to entities, which implement Node. A point, a facet's count or a connection is a value. An id would suggest that it
  // can be fetched again, and client caches would merge different values.
  "@graphql-eslint/strict-id-in-types": "off",

  "@graphql-eslint/relay-edge-types": [
    "error",
    {
      withEdgeSuffix: true,
      // Edges are for pagination. An organization's issue areas or languages are few and always complete, so they are plain lists.
      // A connection's `nodes` is the same page for clients that do not need its edges.
      listTypeCanWrapOnlyEdgeType: false,
      // Only ChangeEdge: a change is an event in a feed and is not fetched by id. Its organization has an id.
      shouldImplementNode: false,
    },
  ],

  // Only Count.count, a number that is a count. The rule has no option to except a field.
  "@graphql-eslint/no-typename-prefix": "off",

  // Only `changes`: clients read the feed forward from their cursor and never backward.
  "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
};

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
    plugins: { "@graphql-eslint": graphql },
    linterOptions: { noInlineConfig: true },
    rules: { ...recommended.rules, ...relay.rules, ...exceptions },
  },
];
