"""What single commands of `diary` do; `diary_app.cli` names them."""
