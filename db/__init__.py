"""What was said and what was done, kept. Knows nothing of alerts or screens."""
