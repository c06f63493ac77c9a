"""Teams, their projects, and the tokens that act for them."""
