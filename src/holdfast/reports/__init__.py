"""The reports room: tables become words and figures for people."""
