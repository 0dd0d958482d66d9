"""Who is told about an alert, and when; standard library only, the clock is an argument."""
