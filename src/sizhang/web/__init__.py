"""The site: the workbench of those who keep the ledger, and the pages for everybody."""
