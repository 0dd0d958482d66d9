"""A patient's period on paper and in tables: visit report (PDF) and CSV, from one bundle."""
