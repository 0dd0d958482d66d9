"""What screens may ask for. Sessions open here and nowhere above; answers are plain dataclasses."""
