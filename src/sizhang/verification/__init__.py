"""Evidence and what can be told from it; findings. No network, no database."""
