import "./strict-styles";
import "graphiql/setup-workers/vite";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./explorer.css";
import { ask, type GraphQLRequest } from "./ask";
import { examples } from "./examples";
import { Header } from "./network";

const NEW_TAB = "# Press Ctrl+Space for suggestions and Ctrl+Enter to run the query.\n\n";

/** For a moment after a change of tabs, the editor passes the operation name of the previous tab, which must be ignored. */
function run({ query, variables, operationName }: GraphQLRequest) {
  const hasOperation = operationName && new RegExp(`\\b(query|mutation)\\s+${operationName}\\b`).test(query);
  return ask(hasOperation ? { query, variables, operationName } : { query, variables });
}

createRoot(document.getElementById("explorer")!).render(
  <>
    <Header />
    <main>
      <GraphiQL fetcher={run} defaultTabs={examples} defaultQuery={NEW_TAB} inputValueDeprecation showPersistHeadersSettings={false}>
        <GraphiQL.Logo>{" "}</GraphiQL.Logo>
      </GraphiQL>
    </main>
  </>,
);
