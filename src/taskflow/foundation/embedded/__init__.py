"""PostgreSQL and Valkey as children of the server, in the data folder."""
