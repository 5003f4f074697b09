"""How a conversation moves: what was meant, what happens next, what is said; knows no HTTP."""
