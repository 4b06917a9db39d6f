"""The forecast room: for every customer the chance to order, orders and spend within a horizon, and the proof."""
