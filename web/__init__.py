"""HTTP: the endpoint, the pages, and the command `directory`. The only importer of Starlette."""
