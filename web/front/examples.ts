const files = import.meta.glob<string>("./examples/*.graphql", { query: "?raw", import: "default", eager: true });

/** One tab each, in the order of their file names. */
export const examples = Object.keys(files)
  .sort()
  .map((name) => ({ query: files[name] ?? "" }));
