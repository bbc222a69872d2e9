"""Pages of people who work here; the module, the URL and the template folder share a name."""
