"""/settings: one module for each section, named like its address."""
