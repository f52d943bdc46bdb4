"""The core of the directory: records, storage and search. It does not depend on GraphQL, HTTP or file formats."""
