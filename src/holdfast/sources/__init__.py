"""The sources room: files of the outside world become raw tables with a proposed mapping."""
