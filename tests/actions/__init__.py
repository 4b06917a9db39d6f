"""Tests of the room that decides what to do for whom."""
