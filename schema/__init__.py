"""GraphQL, never the database: the directory as a graph. One file per subject; resolvers read plain records of one snapshot."""
