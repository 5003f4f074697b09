"""What a browser or a program reaches: pages and the programming interface, over HTTP."""
