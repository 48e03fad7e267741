"""One module per publisher service: how to ask, and how to read the answer."""
