"""The only place that touches Flet's internals: sockets, sessions, patches and static files."""
