"""A location → an Article: sources, repair, normalisation, metadata."""
