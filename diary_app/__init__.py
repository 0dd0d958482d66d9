"""What patients and the care team see and touch."""
