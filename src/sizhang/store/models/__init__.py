"""The tables of the store, one file a subject; Django finds them here."""

from sizhang.store.models.cadence import Closing, Digest, Errand, ErrandEvent, Plan, Question, Track
from sizhang.store.models.ledger import (
    Assignment,
    Balance,
    Body,
    Claimant,
    Entry,
    Evidence,
    Head,
    Lot,
    Person,
    Promise,
    Report,
    RuleBook,
    Setting,
    Supporter,
)

__all__ = [
    "Body",
    "Person",
    "Report",
    "Promise",
    "Supporter",
    "Assignment",
    "Balance",
    "Entry",
    "Claimant",
    "Lot",
    "Evidence",
    "RuleBook",
    "Setting",
    "Head",
    "Plan",
    "Track",
    "Closing",
    "Errand",
    "ErrandEvent",
    "Question",
    "Digest",
]
