// Usage: node audit.mjs URL. Prints a JSON list: for each audit its id, name, status (ok, notice, warn, error) and reason.
import { auditServer } from "graphql-http";

const results = await auditServer({ url: process.argv[2] });
const report = results.map(({ id, name, status, reason }) => ({ id, name, status, reason: reason ?? "" }));
console.log(JSON.stringify(report));
