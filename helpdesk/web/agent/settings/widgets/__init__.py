"""/settings/widgets: the chat on a shop's pages, one module for each of its pages."""
