"""The referral log: the only way to what staff have told about a case."""
