"""Plain pages and JSON beside the Flet app: sign-in, joining, alert links, photos, health."""
