"""What the doors of the house ask for, one file a verb; the only room that speaks to other machines."""
