"""The form that every calculator has: checked inputs, tables with their editions, and a result that shows what decided it."""
