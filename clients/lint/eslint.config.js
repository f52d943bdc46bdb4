import { fileURLToPath } from "node:url";
import graphql from "@graphql-eslint/eslint-plugin";

const schema = fileURLToPath(new URL("../../schema/schema.graphql", import.meta.url));
const { "flat/schema-recommended": recommended, "flat/schema-relay": relay } = graphql.configs;

// All exceptions, each with its reason. graphql-schema-linter has none.
const exceptions = {
  // Ids belong to entities, which have a life of their own and implement Node. A point, a facet's count or a connection is a
  // value: an id would promise that it can be fetched again, and a client's cache would merge values that are not the same.
  "@graphql-eslint/strict-id-in-types": "off",

  "@graphql-eslint/relay-edge-types": [
    "error",
    {
      withEdgeSuffix: true,
      // Edges are for pages. An organization's issue areas or languages are a few and always told whole: a plain list says so.
      // A connection's `nodes` is the same page for those who need nothing of its edges.
      listTypeCanWrapOnlyEdgeType: false,
      // ChangeEdge alone: a change is an event of the feed and not fetched by an id; the organization it is about has one.
      shouldImplementNode: false,
    },
  ],

  // `changes` alone: the feed is followed forward from where a client stands, and nobody reads it backward.
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
