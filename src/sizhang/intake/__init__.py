"""From a report's file to draft promises, each with the span of the sentence it was read from."""
