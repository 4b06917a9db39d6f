"""Tests of the segments room; a package so that they share `customers`."""
