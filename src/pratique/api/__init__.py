"""The door between nodes: HTTP in and out. It has the clock and the network; what it asks of a node stands in ``hosted``."""
