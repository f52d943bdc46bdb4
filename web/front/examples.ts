const files = import.meta.glob<string>("./examples/*.graphql", { query: "?raw", import: "default", eager: true });

/** One tab for each example, in the order of the file names. */
export const examples = Object.keys(files)
  .sort()
  .map((name) => ({ query: files[name] ?? "" }));
