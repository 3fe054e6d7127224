"""At the counter: the account of a resident whose identity card was checked is tied to their entry."""
