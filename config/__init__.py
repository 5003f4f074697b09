"""Everything a deployment may change, and the small modules that read it."""
