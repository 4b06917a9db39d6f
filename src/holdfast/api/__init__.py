"""The HTTP door: one file a room, router and shapes together."""
