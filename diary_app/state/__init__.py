"""What screens know: plain values and the steps between them. No Flet, no database."""
