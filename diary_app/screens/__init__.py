"""What people see, one package per kind of reader."""
