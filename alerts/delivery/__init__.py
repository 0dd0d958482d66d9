"""Ways out of the system; what leaves carries no patient data."""
