"""The ledger in the language of other programs: journals, tables, documents. Nothing here writes to the ledger."""
