"""The service that staff sign in to: who is there, how a talk moves, what is shown."""
