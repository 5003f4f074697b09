"""Who is using Ura: accounts, sign-in and what each role may do."""
