import "./strict-styles";
import "graphiql/setup-workers/vite";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./explorer.css";
import { ask, type Question } from "./ask";
import { examples } from "./examples";
import { Header } from "./network";

const NEW_TAB = "# Ctrl+Space tells what can be asked here, Ctrl+Enter runs it.\n\n";

/** After a change of tabs the editor tells the name of the last operation for a moment. No question is lost to that. */
function run({ query, variables, operationName }: Question) {
  const isThere = operationName && new RegExp(`\\b(query|mutation)\\s+${operationName}\\b`).test(query);
  return ask(isThere ? { query, variables, operationName } : { query, variables });
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
