"""Commands for maintainers and users of the repository: ``python3 -m scripts`` lists them."""
