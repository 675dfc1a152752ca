"""Where the ledger is kept: SQLite in one file, or PostgreSQL. The laws stand in the database itself."""
