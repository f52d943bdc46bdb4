"""Pages and files that are not GraphQL: the explorer at /graphiql, robots.txt and security.txt."""
