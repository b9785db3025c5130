"""One module for each family of formats; each turns bytes into pages, or into what pages are read from."""
