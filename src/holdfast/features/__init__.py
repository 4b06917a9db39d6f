"""The features room: orders and an as_of become one row per customer."""
