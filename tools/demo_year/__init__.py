"""A year of the invented city of Qinghe 青禾, played through the ledger's own verbs. Everything in it is made up and seeded."""
