import "graphiql/setup-workers/vite";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./explorer.css";
import { ask } from "./ask";
import { examples } from "./examples";
import { Header } from "./network";

const NEW_TAB = "# Ctrl+Space tells what can be asked here, Ctrl+Enter runs it.\n\n";

createRoot(document.getElementById("explorer")!).render(
  <>
    <Header />
    <main>
      <GraphiQL fetcher={ask} defaultTabs={examples} defaultQuery={NEW_TAB} inputValueDeprecation showPersistHeadersSettings={false}>
        <GraphiQL.Logo>{" "}</GraphiQL.Logo>
      </GraphiQL>
    </main>
  </>,
);
