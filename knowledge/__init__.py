"""Turns approved documents into cited passages that answer a question."""
