import { useEffect, useState } from "react";
import { ask } from "./ask";

interface Network {
  name: string;
  fictional: boolean;
}

/** Shows the name of the network, and whether its records are fictional. */
export function Header() {
  const [network, setNetwork] = useState<Network>();
  useEffect(() => {
    ask({ query: "{ network { name fictional } }" }).then(
      (answer) => setNetwork(answer.data?.network),
      () => undefined, // the editor shows the error
    );
  }, []);
  useEffect(() => {
    if (network) document.title = `${network.name}: GraphQL explorer`;
  }, [network]);
  return (
    <header>
      <h1>{network?.name ?? "Membership directory"}</h1>
      <p>GraphQL explorer</p>
      {network?.fictional && <p className="fictional">Fictional: none of these organizations exists</p>}
    </header>
  );
}
