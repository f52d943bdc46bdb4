import { useEffect, useState } from "react";
import { ask } from "./ask";

interface Network {
  name: string;
  fictional: boolean;
}

/** Whose directory this is, and whether it is a real one. */
export function Header() {
  const [network, setNetwork] = useState<Network>();
  useEffect(() => {
    ask({ query: "{ network { name fictional } }" }).then(
      (answer) => setNetwork(answer.data?.network),
      () => undefined, // the editor beside it tells that nothing answers
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
