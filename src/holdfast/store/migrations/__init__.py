"""How the records came to be what they are, one step a file."""
