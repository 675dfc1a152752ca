"""The ledger's language and laws. Standard library only; imports nothing else of Sizhang."""
