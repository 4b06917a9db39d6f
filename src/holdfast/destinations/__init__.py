"""Where tables leave for the outside world."""
