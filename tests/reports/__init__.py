"""Tests of the reports room; a package so that they share `groupings`."""
