"""The store room: immutable data sets, published atomically."""
