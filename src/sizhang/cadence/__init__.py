"""Cadence 节奏: a yearly promise as something that is kept or missed today. Pure arithmetic; imports core alone."""
