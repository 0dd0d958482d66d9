"""Controls that more than one screen uses; they hold no data of their own."""
