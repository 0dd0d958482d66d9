"""The JSON API, version 1: for programs under a token, and for whoever is signed in."""
