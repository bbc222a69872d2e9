"""Where things are kept: the database, the queue rows, the files, the sealed secrets, the search index."""
